"""What can happen to a ticket? Each fact says which columns it sets, so a ticket is the fold of its facts."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sportello.kernel.events import Event
from sportello.tickets.words import ACTIVE, Status

Columns = dict[str, Any]


@dataclass(frozen=True)
class TicketEvent(Event):
    ticket_id: int
    actor_id: int

    def columns(self, at: datetime) -> Columns:
        """The ticket's columns that this fact sets when it happens `at` (aware UTC)."""
        return {}


def status_columns(status: str, at: datetime) -> Columns:
    """A status with the columns that always go with it."""
    columns: Columns = {"status": status, "active": int(status in ACTIVE)}
    if status == Status.SOLVED:
        columns |= {"solved_at": at}
    elif status in ACTIVE:
        columns |= {"solved_at": None, "closed_at": None}
    else:
        columns |= {"closed_at": at}
    return columns


_AT_THE_BEGINNING = (
    "subject",
    "requester_id",
    "organisation_id",
    "team_id",
    "priority",
    "type",
    "channel",
    "language",
    "follow_up_of_id",
)


@dataclass(frozen=True)
class TicketOpened(TicketEvent):
    subject: str
    requester_id: int
    organisation_id: int | None
    team_id: int
    priority: int
    type: str
    channel: str
    language: str
    follow_up_of_id: int | None = None

    def columns(self, at: datetime) -> Columns:
        return {
            **{name: getattr(self, name) for name in _AT_THE_BEGINNING},
            **status_columns(Status.NEW, at),
            "created_at": at,
            "last_message_at": at,
            "assignee_id": None,
            "excerpt": "",
            "last_customer_at": None,
        }


@dataclass(frozen=True)
class TicketAssigned(TicketEvent):
    assignee_id: int | None
    previous_id: int | None

    def columns(self, at: datetime) -> Columns:
        return {"assignee_id": self.assignee_id}


@dataclass(frozen=True)
class TicketMoved(TicketEvent):
    team_id: int
    previous_id: int

    def columns(self, at: datetime) -> Columns:
        return {"team_id": self.team_id}


@dataclass(frozen=True)
class TicketPrioritised(TicketEvent):
    priority: int
    previous: int

    def columns(self, at: datetime) -> Columns:
        return {"priority": self.priority}


@dataclass(frozen=True)
class TicketRetyped(TicketEvent):
    type: str
    previous: str

    def columns(self, at: datetime) -> Columns:
        return {"type": self.type}


@dataclass(frozen=True)
class TicketRenamed(TicketEvent):
    subject: str
    previous: str

    def columns(self, at: datetime) -> Columns:
        return {"subject": self.subject}


@dataclass(frozen=True)
class RequesterChanged(TicketEvent):
    requester_id: int
    organisation_id: int | None
    previous_id: int

    def columns(self, at: datetime) -> Columns:
        return {"requester_id": self.requester_id, "organisation_id": self.organisation_id}


@dataclass(frozen=True)
class TicketTagged(TicketEvent):
    """Tags by name, so that the fact still reads when a tag is gone."""

    added: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class ParticipantAdded(TicketEvent):
    user_id: int


@dataclass(frozen=True)
class ParticipantRemoved(TicketEvent):
    user_id: int


@dataclass(frozen=True)
class StatusEvent(TicketEvent):
    previous: str

    def status(self) -> str:
        raise NotImplementedError

    def columns(self, at: datetime) -> Columns:
        return status_columns(self.status(), at)


@dataclass(frozen=True)
class TicketStarted(StatusEvent):
    def status(self) -> str:
        return Status.OPEN


@dataclass(frozen=True)
class TicketSetWaiting(StatusEvent):
    def status(self) -> str:
        return Status.WAITING


@dataclass(frozen=True)
class TicketPutOnHold(StatusEvent):
    def status(self) -> str:
        return Status.ON_HOLD


@dataclass(frozen=True)
class TicketSolved(StatusEvent):
    """`note` says how; `told` means that a reply tells the customer already.

    `tell_at` (ISO) is when the customer may be told, where it can be taken back until then.
    """

    note: str = ""
    told: bool = False
    tell_at: str | None = None

    def status(self) -> str:
        return Status.SOLVED


@dataclass(frozen=True)
class TicketReopened(StatusEvent):
    def status(self) -> str:
        return Status.OPEN


@dataclass(frozen=True)
class TicketClosed(StatusEvent):
    def status(self) -> str:
        return Status.CLOSED


@dataclass(frozen=True)
class TicketStatusRestored(StatusEvent):
    """A taken-back reply takes its status change back too."""

    restored: str
    solved_at: str | None = None

    def status(self) -> str:
        return self.restored

    def columns(self, at: datetime) -> Columns:
        columns = status_columns(self.restored, at)
        if self.restored == Status.SOLVED and self.solved_at:
            columns["solved_at"] = datetime.fromisoformat(self.solved_at)
        return columns


@dataclass(frozen=True)
class MessageAdded(TicketEvent):
    """`past` means that it was said long ago and came by import: nobody is told."""

    message_id: int
    message_kind: str
    incoming: bool
    excerpt: str = ""
    past: bool = False

    def columns(self, at: datetime) -> Columns:
        columns: Columns = {"last_message_at": at}
        if self.excerpt:
            columns["excerpt"] = self.excerpt
        if self.incoming:
            columns["last_customer_at"] = at
        return columns


@dataclass(frozen=True)
class MessageWithdrawn(TicketEvent):
    message_id: int
    excerpt: str = ""

    def columns(self, at: datetime) -> Columns:
        return {"excerpt": self.excerpt}


@dataclass(frozen=True)
class DeliveryEvent(TicketEvent):
    """What became of a mail that could not be delivered. A notice that we write by ourselves has no message."""

    message_id: int | None
    recipients: list[str]


@dataclass(frozen=True)
class DeliveryFailed(DeliveryEvent):
    """It did not leave, or it came back."""


@dataclass(frozen=True)
class DeliveryRetried(DeliveryEvent):
    pass


@dataclass(frozen=True)
class DeliveryGivenUp(DeliveryEvent):
    pass


@dataclass(frozen=True)
class FollowUpOpened(TicketEvent):
    """An answer came after the follow-up window, and opened a linked new ticket."""

    follow_up_id: int


@dataclass(frozen=True)
class TicketChanged(Event):
    """No fact but a sign, once after all facts of one act: look at the ticket again. `teams` are those that had it."""

    ticket_id: int
    teams: list[int]
    kinds: list[str]
    actor_id: int


def ticket_events() -> list[type[TicketEvent]]:
    """Every concrete fact about a ticket."""
    found, todo = [], [TicketEvent]
    while todo:
        kind = todo.pop()
        todo.extend(kind.__subclasses__())
        if kind not in (TicketEvent, StatusEvent, DeliveryEvent):
            found.append(kind)
    return sorted(found, key=lambda kind: kind.__name__)
