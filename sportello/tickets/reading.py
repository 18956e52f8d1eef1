"""What does a person read who opens a ticket? Its rows, in a number of queries that does not grow with them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, NamedTuple, Self

from django.db import connection
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from sportello.people.models import User
from sportello.tickets.events import FollowUpOpened, MessageAdded
from sportello.tickets.models import (
    Attachment,
    Message,
    Tag,
    Ticket,
    TicketSeen,
    TimelineEntry,
)
from sportello.tickets.words import MessageKind

STRETCH = 30  # messages that are read at once
MOST_ENTRIES = 400
HISTORY = 25
TRAVELLING = 10


@dataclass(frozen=True)
class Person:
    """Somebody beside a ticket, as far as it takes to name them."""

    pk: int
    name: str
    address: str

    def __str__(self) -> str:
        return self.name or self.address


@dataclass(frozen=True)
class Here:
    """Somebody else who has the ticket open; `types` is "reply", "note" or empty."""

    person: Person
    types: str


@dataclass(frozen=True)
class Stretch:
    """Messages in a row, oldest first, with what happened between them: of very many facts only the last ones.

    `is_cut` says that facts are missing, those before the first that is here.
    """

    messages: list[Message]
    entries: list[TimelineEntry]
    has_earlier: bool = False
    is_cut: bool = False


class _Row(NamedTuple):
    what: str
    id: int
    name: str
    address: str
    types: str


# said plainly: as questions of the ORM these three cost more to write than to answer
_AROUND = """
select 'here', user_id, u.name, u.address,
    case when typing_until is null or typing_until <= %(now)s then '' when typing_note then 'note' else 'reply' end
from tickets_presence p join people_user u on u.id = user_id where ticket_id = %(ticket)s and until > %(now)s
union all select 'copied', user_id, u.name, u.address, ''
from tickets_participant p join people_user u on u.id = user_id where ticket_id = %(ticket)s
union all select 'tag', tag_id, g.name, '', ''
from tickets_tickettag t join tickets_tag g on g.id = tag_id where ticket_id = %(ticket)s
"""
_TELLING = Q(cause__isnull=False) | Q(kind=FollowUpOpened.kind)


class OpenTicket:
    """One ticket as one person sees it. Each part is one query, asked when it is first looked at."""

    def __init__(self, ticket: Ticket, reader: User) -> None:
        self.ticket = ticket
        self.reader = reader

    @classmethod
    def find(cls, number: int, reader: User) -> Self | None:
        """The ticket of that number, or None where the person may not know of it."""
        try:
            return cls(cls.readable(reader).get(pk=number), reader)
        except Ticket.DoesNotExist:
            return None

    @classmethod
    def readable(cls, reader: User) -> QuerySet[Ticket]:
        """Tickets that the person may open, with who is shown, why the first message came, and how far they read."""
        first = Message.objects.filter(ticket=OuterRef("pk")).order_by("id").values("reasons")[:1]
        seen = TicketSeen.objects.filter(ticket=OuterRef("pk"), user=reader).values("at")
        found = Ticket.objects.visible_to(reader).with_people()
        return found.annotate(first_reasons_told=Subquery(first), reader_saw_at=Subquery(seen))

    # the conversation

    @cached_property
    def newest(self) -> Stretch:
        """The end of the conversation. The entries hold the telling facts too, however old they are."""
        return self._stretch(Q(), Q(), _TELLING)

    def before(self, message_id: int) -> Stretch:
        """What stands before a message."""
        moment = Message.objects.filter(pk=message_id, ticket=self.ticket).values("created_at")
        return self._stretch(Q(pk__lt=message_id), Q(at__lt=Subquery(moment)), Q(pk=0))

    def _stretch(self, which: Q, until: Q, besides: Q) -> Stretch:
        found = list(self._messages().filter(which).order_by("-id")[: STRETCH + 1])[::-1]
        has_earlier, messages = len(found) > STRETCH, found[-STRETCH:]
        since = Q(at__gte=messages[0].created_at) if has_earlier else Q()
        entries, more = self._entries(since & until | besides if has_earlier else until)
        is_cut = more and (not has_earlier or entries[0].at >= messages[0].created_at)
        return Stretch(messages, entries, has_earlier, is_cut)

    def after(self, entry_id: int) -> Stretch:
        """What came after an entry of the timeline. The entry itself comes first, to go on from."""
        entries, is_cut = self._entries(Q(pk__gte=entry_id))
        said = [e.data["message_id"] for e in entries if e.kind == MessageAdded.kind and e.pk > entry_id]
        if is_cut:
            new = TimelineEntry.objects.filter(ticket=self.ticket, kind=MessageAdded.kind, pk__gt=entry_id)
            said = [data["message_id"] for data in new.values_list("data", flat=True)]
        messages = list(self._messages().filter(pk__in=said).order_by("id")) if said else []
        return Stretch(messages, entries, is_cut=is_cut)

    def taken_back(self, message_id: int) -> Message | None:
        """The reader's own reply that they took back."""
        mine = self._messages().filter(pk=message_id, author=self.reader, withdrawn_at__isnull=False)
        return mine.first()

    def travelling(self) -> list[Message]:
        """Our last public messages: those whose delivery may still change."""
        ours = Message.objects.filter(ticket=self.ticket, incoming=0, kind=MessageKind.PUBLIC)
        return list(ours.order_by("-id")[:TRAVELLING])

    def timeline(self, before: int | None = None) -> tuple[list[TimelineEntry], bool]:
        """The last facts, or the last before an entry, oldest first; and whether there are earlier ones."""
        return self._entries(Q(pk__lt=before) if before else Q())

    @cached_property
    def telling_facts(self) -> list[TimelineEntry]:
        """What was decided by a program, and why; which tickets follow from this one."""
        loaded: Stretch | None = vars(self).get("newest")
        entries = loaded.entries if loaded and not loaded.is_cut else self._entries(_TELLING)[0]
        return [entry for entry in entries if entry.cause is not None or entry.kind == FollowUpOpened.kind]

    @property
    def first_reasons(self) -> list[dict[str, Any]]:
        """Why the first message became this ticket, and what was odd about it."""
        return vars(self.ticket).get("first_reasons_told") or []

    def _messages(self) -> QuerySet[Message]:
        return Message.objects.filter(ticket=self.ticket).for_thread()

    def _entries(self, which: Q) -> tuple[list[TimelineEntry], bool]:
        """The last ones, oldest first; and whether there are more."""
        entries = TimelineEntry.objects.filter(which, ticket=self.ticket).select_related("actor").order_by("-id")
        found = list(entries[: MOST_ENTRIES + 1])
        return found[:MOST_ENTRIES][::-1], len(found) > MOST_ENTRIES

    # what stands around it

    @cached_property
    def _around(self) -> list[_Row]:
        """Tags, people in copy, and who is here: short rows, one statement."""
        with connection.cursor() as cursor:
            now = connection.ops.adapt_datetimefield_value(timezone.now())
            cursor.execute(_AROUND, {"ticket": self.ticket.pk, "now": now})
            return [_Row(*row) for row in cursor.fetchall()]

    @property
    def tags(self) -> list[str]:
        return sorted(row.name for row in self._around if row.what == "tag")

    @property
    def participants(self) -> list[Person]:
        rows = sorted((row for row in self._around if row.what == "copied"), key=lambda row: row.id)
        return [Person(row.id, row.name, row.address) for row in rows]

    @property
    def others_here(self) -> list[Here]:
        rows = [row for row in self._around if row.what == "here" and row.id != self.reader.pk]
        return [Here(Person(row.id, row.name, row.address), row.types) for row in rows]

    @property
    def seen_at(self) -> datetime | None:
        """Up to when the person has read it."""
        seen: datetime | None = vars(self.ticket).get("reader_saw_at")
        return seen

    @cached_property
    def open_at_organisation(self) -> int:
        """Tickets of its organisation that are still to do, as far as the person may see them."""
        organisation = self.ticket.organisation_id
        there = Ticket.objects.visible_to(self.reader).active().filter(organisation=organisation)
        return there.count() if organisation else 0

    @cached_property
    def history(self) -> list[Ticket]:
        """The requester's other tickets, the newest first; one more than HISTORY says that there are even more."""
        theirs = Ticket.objects.visible_to(self.reader).requested_by(self.ticket.requester).exclude(pk=self.ticket.pk)
        return list(theirs.order_by("-id").only("subject", "status", "created_at", "language")[: HISTORY + 1])

    def known_people(self, entries: Iterable[TimelineEntry] = ()) -> dict[int, str]:
        """Names that have been read already, by id."""
        ticket = self.ticket
        people = [ticket.requester, self.reader, ticket.assignee, *self.participants, *(e.actor for e in entries)]
        return {person.pk: str(person) for person in people if person}


def files_taken_back(ticket: Ticket, writer: User) -> QuerySet[Attachment]:
    """Files of replies that their writer took back, and may send again."""
    mine = Q(message__ticket=ticket, message__author=writer, message__withdrawn_at__isnull=False)
    return Attachment.objects.visible_to(writer).filter(mine).select_related("blob")


def tags_like(beginning: str, *, most: int) -> list[Tag]:
    """Tags that are in use already and begin like this."""
    return list(Tag.objects.filter(name__startswith=Tag.clean_name(beginning)).order_by("name")[:most])
