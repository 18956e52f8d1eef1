"""Where is that ticket? By number, by words, by who asked; newest first, only what the person may see."""

import re
from dataclasses import dataclass

from sportello.kernel.search import find
from sportello.people.models import User
from sportello.people.roles import Right
from sportello.tickets.conversation import excerpt_of
from sportello.tickets.models import Message, Ticket
from sportello.tickets.querysets import TicketQuerySet

MOST_PEOPLE = 100
_NUMBER = re.compile(r"^#?(\d{1,18})$")


@dataclass(frozen=True)
class Found:
    """`why` is number, words or person; `snippet` shows the words where they were said."""

    ticket: Ticket
    snippet: str
    why: str


def find_tickets(user: User, text: str, *, limit: int = 50) -> list[Found]:
    text = text.replace("\0", "").strip()[:500]
    if not text:
        return []
    visible = Ticket.objects.visible_to(user).with_people().prefetch_related("tags", "participant_rows")
    found: dict[int, Found] = {}
    number = _NUMBER.match(text)
    if number:
        found |= {t.pk: Found(t, t.excerpt, "number") for t in visible.filter(pk=int(number[1]))}
    found |= {hit.ticket.pk: hit for hit in _by_words(user, visible, text, limit) if hit.ticket.pk not in found}
    if user.is_staff:
        people = list(User.objects.visible_to(user).matching(text).values_list("pk", flat=True)[:MOST_PEOPLE])
        asked = visible.filter(requester__in=people).newest_first()[:limit] if people else []
        found |= {t.pk: Found(t, t.excerpt, "person") for t in asked if t.pk not in found}
    exact = [hit for hit in found.values() if hit.why == "number"]
    others = sorted((hit for hit in found.values() if hit.why != "number"), key=lambda hit: -hit.ticket.pk)
    return (exact + others)[:limit]


def _by_words(user: User, visible: TicketQuerySet, text: str, limit: int) -> list[Found]:
    scopes = user.teams_with(Right.VIEW) if user.is_staff else None
    containers = None if user.is_staff else list(visible.values_list("pk", flat=True)[:2000])
    hits = find(text, scopes=scopes, containers=containers, limit=limit * 4)
    said = {hit.ref: hit.container for hit in reversed(hits) if hit.kind == "message"}
    allowed = {m.pk: m for m in Message.objects.visible_to(user).filter(pk__in=list(said)).only("pk", "text", "ticket")}
    snippets = {message.ticket_id: _snippet(message.text, text) for message in allowed.values()}
    wanted = set(snippets) | {hit.container for hit in hits if hit.kind == "ticket"}
    tickets = visible.filter(pk__in=wanted).newest_first()[:limit]
    return [Found(ticket, snippets.get(ticket.pk, ticket.excerpt), "words") for ticket in tickets]


def _snippet(text: str, words: str) -> str:
    """The words' surroundings."""
    low = text.lower()
    places = [low.find(word.strip('"').lower()) for word in words.split()]
    place = min((p for p in places if p >= 0), default=0)
    start = max(0, place - 50)
    return ("…" if start else "") + excerpt_of(text[start : start + 300])
