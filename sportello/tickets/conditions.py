"""Which tickets does a typed question mean? One condition language for saved views, the filter bar, search and the API.

`status:open team:"First line",billing -tag:spam updated:<2d "exact words"`: fields narrow, commas are or, a minus
excludes, and what is no field is searched for. Nonsense becomes a problem in words, never an exception.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sportello.kernel.text import storable
from sportello.people.models import User
from sportello.tickets.condition_fields import FIELDS, Unknown, fields_of, no_such, quoted
from sportello.tickets.querysets import TicketQuerySet
from sportello.tickets.saying import says

LONGEST = 500
MOST_CONDITIONS = 20
MOST_WORDS = 16  # that the index looks for at once
MOST_SUGGESTIONS = 20
LISTED = ("status", "priority", "type", "channel")  # their values are words of ours, and few
SHORTEST = 2  # that may stand for a whole one
_VALUE = r'(?:"[^"]*"?|[^\s",]+)'
_CONDITION = re.compile(rf"(?P<minus>-?)(?P<name>[a-z_]+):(?P<values>{_VALUE}(?:,{_VALUE})*)?,?(?=\s|$)", re.IGNORECASE)
_NUMBER = re.compile(r"(?P<minus>-?)#(?P<number>[0-9]{1,18})(?=\s|$)")
_WORDS = re.compile(r'-?"[^"]*"?|[^\s"]+')
_QUOTES = str.maketrans(dict.fromkeys("“”„«»", '"'))
_NOT_FIELDS = ("http", "https", "mailto")


@dataclass(frozen=True)
class Condition:
    field: str
    values: tuple[str, ...]
    negated: bool = False

    def __str__(self) -> str:
        return f"{'-' if self.negated else ''}{self.field}:{','.join(map(quoted, self.values))}"


@dataclass(frozen=True)
class Query:
    """`words` is what is left to search for; `problems` are sentences for people. `str` gives it back as text.

    `misread` are those of the conditions that say nothing we know.
    """

    conditions: tuple[Condition, ...] = ()
    words: str = ""
    problems: tuple[str, ...] = ()
    wheres: tuple[Q, ...] = field(default=(), repr=False, compare=False)
    misread: tuple[Condition, ...] = ()

    @property
    def readable(self) -> "Query":
        """What is left of it without its problems, to be parsed."""
        kept = tuple(condition for condition in self.conditions if condition not in self.misread)
        return Query(kept, " ".join(_WORDS.findall(self.words)[:MOST_WORDS]))

    @property
    def names_status(self) -> bool:
        """Whether it says which statuses it wants; if not, lists show what is active."""
        return any(
            condition.field in ("status", "number", "solved") and not condition.negated for condition in self.conditions
        )

    @property
    def says_something(self) -> bool:
        """Whether it asks for anything at all: quotes with nothing between them do not."""
        return bool(self.conditions) or any(letter.isalnum() for letter in self.words)

    def __str__(self) -> str:
        return " ".join([*map(str, self.conditions), self.words]).strip()


def parse(text: str, user: User) -> Query:
    """Read what a person typed. What is not understood is named in `problems`, and then nothing fits."""
    conditions: list[Condition] = []
    wheres: list[Q] = []
    words: list[str] = []
    problems: list[str] = []
    misread: list[Condition] = []
    for part in _parts(text):
        if isinstance(part, str):
            words.append(part)
            continue
        if len(conditions) == MOST_CONDITIONS:
            text = ngettext(
                "At most %(most)s condition fits in one search.",
                "At most %(most)s conditions fit in one search.",
                MOST_CONDITIONS,
            )
            problems.append(text % {"most": MOST_CONDITIONS})
            break
        condition = _in_full(part, user)
        conditions.append(condition)
        try:
            where = _where(condition, user)
        except Unknown as unknown:
            problems.append(str(unknown))
            misread.append(condition)
        else:
            wheres.append(~where if part.negated else where)
    if len(words) > MOST_WORDS:
        text = ngettext(
            "At most %(most)s word fits in one search.", "At most %(most)s words fit in one search.", MOST_WORDS
        )
        problems.append(text % {"most": MOST_WORDS})
    return Query(tuple(conditions), " ".join(words), tuple(dict.fromkeys(problems)), tuple(wheres), tuple(misread))


def _parts(text: str) -> Iterable[Condition | str]:
    rest = storable(text[:LONGEST]).translate(_QUOTES).strip()
    while rest:
        condition, number = _CONDITION.match(rest), _NUMBER.match(rest)
        if condition and _is_meant(condition):
            end = condition.end()
            values = [value.strip('"').strip() for value in re.findall(_VALUE, condition["values"] or "")]
            yield Condition(condition["name"].lower(), tuple(filter(None, values)), bool(condition["minus"]))
        elif number:
            end = number.end()
            yield Condition("number", (number["number"],), bool(number["minus"]))
        else:
            words = _WORDS.match(rest)
            end = words.end() if words else 1
            if rest[:end].strip('"-'):
                yield rest[:end]
        rest = rest[end:].lstrip()


def _is_meant(condition: re.Match[str]) -> bool:
    """A field that exists, or one that somebody believed to exist; not the beginning of an address, no `Re:`."""
    name = condition["name"].lower()
    return name in FIELDS or (condition["values"] is not None and name not in _NOT_FIELDS)


def _in_full(condition: Condition, user: User) -> Condition:
    """With the value that is meant where its name, or the beginning of one alone, was typed."""
    field = FIELDS.get(condition.field)
    if field is None or condition.field not in LISTED:
        return condition
    return replace(condition, values=tuple(_whole(value, list(field.known(user, value))) for value in condition.values))


def _whole(value: str, known: list[tuple[str, str]]) -> str:
    begun = value.lower()
    written = begun.replace("-", "_")
    if len(value) < SHORTEST or written in dict(known):
        return value
    named = [one for one, label in known if label.lower() == begun]
    begin = [one for one, label in known if one.startswith(written) or label.lower().startswith(begun)]
    found = named or begin
    return found[0] if len(found) == 1 else value


def _where(condition: Condition, user: User) -> Q:
    fields = fields_of(user)
    if condition.field not in fields:
        raise no_such(condition.field, _("field"), sorted(fields))
    field = fields[condition.field]
    if not condition.values:
        choices = list(field.known(user, ""))[:MOST_SUGGESTIONS]
        known = ", ".join(quoted(label if condition.field in LISTED else value) for value, label in choices)
        raise Unknown(_("Say which %(field)s, such as: %(known)s.") % {"field": condition.field, "known": known})
    return field.read(condition.values, user)


def apply(tickets: TicketQuerySet, query: Query, user: User) -> TicketQuerySet:
    """Narrow the tickets by the query; nothing fits one with problems. Words count as far as the person may read."""
    if query.problems:
        return tickets.none()
    for where in query.wheres:
        tickets = tickets.filter(where)
    if not query.words:
        return tickets
    said = says(query.words, user)
    return tickets.exclude(said) if all(word.startswith("-") for word in _words_of(query)) else tickets.filter(said)


def _words_of(query: Query) -> list[str]:
    return _WORDS.findall(query.words)


@dataclass(frozen=True)
class Suggestion:
    """`insert` takes the place of the last word, `query` is the text with it; `label` says what it means."""

    query: str
    insert: str
    label: str


def suggest(text: str, user: User) -> list[Suggestion]:
    """How the last word could go on."""
    text = text[:LONGEST].translate(_QUOTES)
    last = _last_word(text)
    return [Suggestion(text.removesuffix(last) + insert, insert, label) for insert, label in _endings(last, user)]


def _endings(last: str, user: User) -> list[tuple[str, str]]:
    minus = "-" if last.startswith("-") else ""
    name, colon, values = last.removeprefix("-").partition(":")
    name = name.lower()
    fields = fields_of(user)
    if not colon:
        return [(f"{minus}{known}:", known) for known in fields if known.startswith(name)]
    if name not in fields:
        return []
    earlier, comma, begun = values.rpartition(",")
    begun = begun.strip('"').lower()
    head = f"{minus}{name}:{earlier}{comma}"
    found = [c for c in fields[name].known(user, begun) if any(part.lower().startswith(begun) for part in c)]
    return [(head + quoted(value), label) for value, label in found[:MOST_SUGGESTIONS]]


def _last_word(text: str) -> str:
    """From the last space on that stands in no quotes."""
    start, inside = 0, False
    for place, character in enumerate(text):
        inside ^= character == '"'
        if character.isspace() and not inside:
            start = place + 1
    return text[start:]
