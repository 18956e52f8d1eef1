"""Where is that ticket? By number, by words, by who asked; the newest first, only what the person may see."""

import re
from dataclasses import dataclass
from functools import lru_cache

from sportello.kernel.search import terms
from sportello.people.finding import find_people
from sportello.people.models import User
from sportello.tickets.models import Message, Ticket
from sportello.tickets.policy import can_see_inside
from sportello.tickets.saying import said

MOST_PEOPLE = 100
LONGEST = 500
LONGEST_SUBJECT = 200
BEFORE, AROUND = 6, 30  # words of a snippet
MOST_LOOKED_AT = 5_000  # words of a message
_NUMBER = re.compile(r"#?([0-9]{1,18})", re.ASCII)
_TOKEN = re.compile(r"\S+")


@dataclass(frozen=True)
class Found:
    """`why` is number, words or person; `snippet` shows the words where they were said."""

    ticket: Ticket
    snippet: str
    why: str
    words: tuple[str, ...] = ()

    @property
    def pieces(self) -> list[tuple[str, bool]]:
        """The snippet in pieces, and which of them to highlight."""
        return _in_pieces(self.snippet, self.words)

    @property
    def subject_pieces(self) -> list[tuple[str, bool]]:
        """The same of what a row shows of the subject."""
        return _in_pieces(self.ticket.subject[:LONGEST_SUBJECT], self.words)


def _in_pieces(text: str, words: tuple[str, ...]) -> list[tuple[str, bool]]:
    found: list[tuple[str, bool]] = []
    for token in re.split(r"(\s+)", text):
        marked = bool(token.strip()) and _says(token, words)
        before = found.pop()[0] if found and found[-1][1] == marked else ""
        found.append((before + token, marked))
    return found


def find_tickets(user: User, text: str, *, limit: int = 50) -> list[Found]:
    """The ticket of that number first, then the newest."""
    text = text.replace("\0", "").strip()[:LONGEST]
    if not text:
        return []
    number = _NUMBER.fullmatch(text)
    exact = {int(number[1])} if number else set()
    where = said(text, user, limit=limit * 4).where
    asked = _asked_by(user, text, limit)
    candidates = exact | where.keys() | asked
    visible = Ticket.objects.visible_to(user).filter(pk__in=candidates)  # all of them once more by right
    if len(candidates) > limit:  # of many their numbers first, and only of the newest what is shown
        numbers = sorted(visible.values_list("pk", flat=True), key=lambda pk: (pk not in exact, -pk))
        visible = Ticket.objects.visible_to(user).filter(pk__in=numbers[:limit])
    tickets = {ticket.pk: ticket for ticket in visible.for_list()}
    shown = sorted(tickets, key=lambda pk: (pk not in exact, -pk))
    words = tuple(terms(text))
    texts = _texts([message for pk in shown if (message := where.get(pk))])
    return [
        Found(
            tickets[pk],
            snippet_of(texts.get(pk, ""), words) or (tickets[pk].excerpt if can_see_inside(user) else ""),
            "number" if pk in exact else "person" if pk in asked and not where.get(pk) else "words",
            words,
        )
        for pk in shown
    ]


def _asked_by(user: User, text: str, limit: int) -> set[int]:
    """The newest tickets of people with that name or address; customers look for no people."""
    if not can_see_inside(user):
        return set()
    people = find_people(text, limit=MOST_PEOPLE)  # staff see everybody; the tickets are theirs by right below
    if not people:
        return set()
    asked = Ticket.objects.visible_to(user).filter(requester__in=people)
    return set(asked.newest_first().values_list("pk", flat=True)[:limit])


def _texts(message_ids: list[int]) -> dict[int, str]:
    """By ticket, of messages whose reader was asked for already."""
    return dict(Message.objects.filter(pk__in=message_ids).values_list("ticket_id", "text"))


def snippet_of(text: str, words: tuple[str, ...]) -> str:
    """Some thirty words, beginning a little before the first that was looked for."""
    tokens = []
    for place, found in enumerate(_TOKEN.finditer(text)):
        if place == MOST_LOOKED_AT:
            break
        tokens.append(found[0])
    first = next((place for place, token in enumerate(tokens) if _says(token, words)), 0)
    start = max(0, first - BEFORE)
    part = " ".join(token[:80] for token in tokens[start : start + AROUND])
    return ("… " if start else "") + part + (" …" if start + AROUND < len(tokens) else "")


def _says(token: str, words: tuple[str, ...]) -> bool:
    return any(term.startswith(words) for term in _terms_of(token[:200]))


@lru_cache(maxsize=20_000)  # the same few thousand words make up most texts
def _terms_of(token: str) -> list[str]:
    return terms(token)
