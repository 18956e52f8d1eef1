"""What do tickets, messages and people look like to a program?"""

from datetime import datetime
from typing import Annotated, Any, Literal

from ninja import Field, Schema
from pydantic import AfterValidator, ConfigDict

from sportello.people.models import User
from sportello.people.policy import can_know
from sportello.tickets.conversation import MOST_TEXT
from sportello.tickets.files import MOST_FILES
from sportello.tickets.models import Attachment, Message, Ticket
from sportello.tickets.models.tag import LONGEST_TAG
from sportello.tickets.policy import can_see_inside
from sportello.tickets.words import (
    LONGEST_SOLUTION,
    LONGEST_TYPED_SUBJECT,
    MOST_ADDRESSES,
    MOST_TAGS,
    Channel,
    MessageKind,
    Priority,
    Status,
    TicketType,
)

Id = Field(ge=1, le=2**63 - 1)
TagName = Annotated[str, Field(max_length=LONGEST_TAG)]


def _filled(text: str) -> str:
    if not text.strip():
        raise ValueError("Write something: it is blank.")
    return text


Filled = Annotated[str, AfterValidator(_filled)]  # as a form asks for it: blanks are nothing

Asked = dict[str, Any]  # what resolvers are given: the request of whom they answer


def sees_inside(asked: Asked) -> bool:
    return can_see_inside(asked["request"].user)


class PersonOut(Schema):
    """Of our own people customers get the first name: the rest is empty."""

    id: int
    name: str
    address: str
    role: str
    organisation_id: int | None
    language: str
    time_zone: str
    is_active: bool

    @staticmethod
    def resolve_name(person: User, context: Asked) -> str:
        return person.name if can_know(context["request"].user, person) else person.first_name

    @staticmethod
    def resolve_address(person: User, context: Asked) -> str:
        return _known(person, "address", context)

    @staticmethod
    def resolve_role(person: User, context: Asked) -> str:
        return _known(person, "role", context)

    @staticmethod
    def resolve_language(person: User, context: Asked) -> str:
        return _known(person, "language", context)

    @staticmethod
    def resolve_time_zone(person: User, context: Asked) -> str:
        return _known(person, "time_zone", context)


def _known(person: User, name: str, asked: Asked) -> str:
    return str(getattr(person, name)) if can_know(asked["request"].user, person) else ""


class TeamOut(Schema):
    id: int
    name: str
    follow_up_days: int
    is_active: bool


class TagOut(Schema):
    id: int
    name: str


class TicketOut(Schema):
    """Customers get no tags, and of the assignee the first name."""

    number: int
    subject: str
    status: Status
    priority: Priority
    type: TicketType
    channel: Channel
    language: str
    requester: PersonOut
    organisation_id: int | None
    team_id: int
    assignee_id: int | None
    assignee: str | None
    participant_ids: list[int]
    tags: list[str]
    follow_up_of: int | None
    created_at: datetime
    updated_at: datetime
    solved_at: datetime | None
    closed_at: datetime | None

    @staticmethod
    def resolve_tags(ticket: Ticket, context: Asked) -> list[str]:
        return [tag.name for tag in ticket.tags.all()] if sees_inside(context) else []

    @staticmethod
    def resolve_assignee_id(ticket: Ticket, context: Asked) -> int | None:
        return ticket.assignee_id if sees_inside(context) else None

    @staticmethod
    def resolve_assignee(ticket: Ticket, context: Asked) -> str | None:
        if ticket.assignee is None:
            return None
        return str(ticket.assignee) if sees_inside(context) else ticket.assignee.first_name

    @staticmethod
    def resolve_participant_ids(ticket: Ticket) -> list[int]:
        return [row.user_id for row in ticket.participant_rows.all()]

    @staticmethod
    def resolve_follow_up_of(ticket: Ticket) -> int | None:
        return ticket.follow_up_of_id


class TicketPage(Schema):
    items: list[TicketOut]
    next: str | None


class AttachmentOut(Schema):
    id: int
    name: str
    content_type: str
    size: int
    inline: bool
    url: str

    @staticmethod
    def resolve_url(attachment: Attachment) -> str:
        return f"/api/v1/attachments/{attachment.pk}"


class MessageOut(Schema):
    """Customers get no reasons and no delivery: those are for who works here."""

    id: int
    ticket: int
    kind: MessageKind
    incoming: bool
    author: PersonOut
    text: str
    quoted_text: str
    html: str
    recipients: dict[str, list[str]]
    reasons: list[dict[str, Any]]
    attachments: list[AttachmentOut]
    created_at: datetime
    held_until: datetime | None
    withdrawn_at: datetime | None
    delivery: str | None = None

    @staticmethod
    def resolve_reasons(message: Message, context: Asked) -> list[dict[str, Any]]:
        return message.reasons if sees_inside(context) else []

    @staticmethod
    def resolve_ticket(message: Message) -> int:
        return message.ticket_id

    @staticmethod
    def resolve_incoming(message: Message) -> bool:
        return bool(message.incoming)

    @staticmethod
    def resolve_attachments(message: Message) -> list[Attachment]:
        return list(message.attachments.all())

    @staticmethod
    def resolve_delivery(message: Message, context: Asked) -> str | None:
        return getattr(message, "delivery", None) if sees_inside(context) else None


class MessagePage(Schema):
    items: list[MessageOut]
    next: str | None


class PersonPage(Schema):
    items: list[PersonOut]
    next: str | None


class Body(Schema):
    """What programs send. A field that is not there is told: its value would be lost without a word."""

    model_config = ConfigDict(extra="forbid")


class FileIn(Body):
    """A file inside JSON; `content` is base64."""

    name: str = Field(max_length=255)
    content_type: str = Field("application/octet-stream", max_length=127)
    content: str


class TicketIn(Body):
    subject: Filled = Field(min_length=1, max_length=LONGEST_TYPED_SUBJECT)
    text: Filled = Field(min_length=1, max_length=MOST_TEXT)
    requester: str = Field("", max_length=254, description="An address; by default the token's person.")
    requester_name: str = Field("", max_length=200)
    channel: Literal[Channel.API, Channel.PHONE, Channel.EMAIL, Channel.FORM] = Field(
        Channel.API, description="How it came, where staff enter it."
    )
    note: str = Field("", max_length=MOST_TEXT, description="An internal note beside it, of staff.")
    assignee_id: int | None = Field(None, ge=1, le=2**63 - 1, description="Who answers in the team.")
    cc: list[str] = Field([], max_length=MOST_ADDRESSES, description="Addresses of those who take part by copy.")
    team_id: int | None = Field(None, ge=1, le=2**63 - 1)
    priority: Priority = Priority.NORMAL
    type: TicketType = TicketType.QUESTION
    tags: list[TagName] = Field([], max_length=MOST_TAGS)
    files: list[FileIn] = Field([], max_length=MOST_FILES)


class TicketChange(Body):
    """What is left out, or null, stays as it is. `assignee_id` of null lets the ticket go."""

    subject: Filled | None = Field(None, min_length=1, max_length=LONGEST_TYPED_SUBJECT)
    priority: Priority | None = None
    type: TicketType | None = None
    team_id: int | None = Field(None, ge=1, le=2**63 - 1)
    assignee_id: int | None = Field(None, ge=1, le=2**63 - 1)
    requester_id: int | None = Field(None, ge=1, le=2**63 - 1)
    requester: str | None = Field(None, max_length=254, description="An address; a new customer where nobody has it.")
    add_tags: list[TagName] | None = Field(None, max_length=MOST_TAGS)
    remove_tags: list[TagName] | None = Field(None, max_length=MOST_TAGS)


class SolutionIn(Body):
    """The customer reads the note, once `undo_seconds` are over."""

    note: str = Field("", max_length=LONGEST_SOLUTION)
    undo_seconds: int = Field(0, ge=0, le=60)


class MessageIn(Body):
    """`then` is the status after a public answer; `solution` says how it was solved."""

    kind: Literal[MessageKind.PUBLIC, MessageKind.NOTE] = MessageKind.PUBLIC
    text: Filled = Field(min_length=1, max_length=MOST_TEXT)
    then: Literal[Status.OPEN, Status.WAITING, Status.ON_HOLD, Status.SOLVED] | None = None
    solution: str = Field("", max_length=LONGEST_SOLUTION)
    to: list[str] | None = Field(None, max_length=MOST_ADDRESSES)
    cc: list[str] | None = Field(None, max_length=MOST_ADDRESSES)
    undo_seconds: int = Field(0, ge=0, le=60)
    seen: int | None = Field(
        None, ge=0, le=2**63 - 1, description="The last message that its writer saw: 409 if others wrote since."
    )
    files: list[FileIn] = Field([], max_length=MOST_FILES)
