"""Which tickets say these words, in what this person may read? Rights are part of the question to the index."""

from dataclasses import dataclass

from django.db.models import Q

from sportello.kernel.search import find, matching
from sportello.people.models import User
from sportello.people.roles import Right
from sportello.tickets.models import Message, Ticket

HEADING, MESSAGE, NOTE = "ticket", "message", "note"  # kinds of entries in the index
AT_DESK = [HEADING, MESSAGE, NOTE]
MOST_FOLLOWED = 20_000
MOST_HITS = 1_000


@dataclass(frozen=True)
class Said:
    """Ticket numbers, the newest words first, each with the message that says them; None where the heading does."""

    where: dict[int, int | None]

    def message_ids(self) -> list[int]:
        return [pk for pk in self.where.values() if pk is not None]


def said_at_desk(words: str, user: User, *, limit: int = MOST_HITS) -> Said:
    """In the tickets of the person's teams, notes too."""
    hits = find(words, scopes=user.teams_with(Right.VIEW), kinds=AT_DESK, limit=limit)
    where: dict[int, int | None] = {}
    for hit in hits:
        if where.get(hit.container) is None:
            where[hit.container] = None if hit.kind == HEADING else hit.ref
    return Said(where)


def said_to_customer(words: str, user: User, *, limit: int = MOST_HITS) -> Said:
    """In the requests that the person follows, as far as customers may read: no note, nothing held or taken back."""
    followed = list(Ticket.objects.followed_by(user).newest_first().values_list("pk", flat=True)[:MOST_FOLLOWED])
    hits = find(words, scopes=None, containers=followed, kinds=[HEADING, MESSAGE], limit=limit)
    shown = Message.objects.for_customers().filter(pk__in=[hit.ref for hit in hits if hit.kind == MESSAGE])
    readable = set(shown.values_list("pk", flat=True))
    where: dict[int, int | None] = {}
    for hit in hits:
        if hit.kind == HEADING:
            where.setdefault(hit.container, None)
        elif hit.ref in readable and where.get(hit.container) is None:
            where[hit.container] = hit.ref
    return Said(where)


def said(words: str, user: User, *, limit: int = MOST_HITS) -> Said:
    """What the person's role lets them read: at the desk for staff, as a customer for everyone else."""
    return (said_at_desk if user.is_staff else said_to_customer)(words, user, limit=limit)


def says(words: str, user: User) -> Q:
    """Every ticket that says them in what the person may read, among tickets that they may see.

    Of nothing but words to leave out (-word): every ticket that says one of them.
    """
    if user.is_staff:
        return Q(pk__in=matching(words, scopes=user.teams_with(Right.VIEW), kinds=AT_DESK))
    return says_to_customers(words)


def says_to_customers(words: str) -> Q:
    """Every ticket that says them in what customers may read: no note, nothing held or taken back."""
    messages = Message.objects.for_customers()
    read = messages.filter(pk__in=matching(words, scopes=None, kinds=[MESSAGE], column="ref"))
    return Q(pk__in=matching(words, scopes=None, kinds=[HEADING])) | Q(pk__in=read.values("ticket"))
