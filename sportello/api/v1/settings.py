"""The settings of the installation for programs: the firm, its mailboxes and who works here."""

from datetime import datetime
from typing import Any, Literal

from django.shortcuts import get_object_or_404
from ninja import Field, Router, Schema

from sportello.api.access import ApiRequest, Bearer
from sportello.api.models import Scope
from sportello.api.problems import PROBLEMS
from sportello.api.v1.changes import asked_of
from sportello.api.v1.schemas import Body
from sportello.api.v1.tickets import team_with
from sportello.channels.email.fault_words import told
from sportello.channels.email.mailbox_settings import Step, as_it_would_be, keep_mailbox, try_servers
from sportello.channels.email.models import Mailbox, Security
from sportello.people.models import Brand, User
from sportello.people.policy import authorize, can_administer

router = Router(auth=Bearer(Scope.ADMIN))


class FirmOut(Schema):
    name: str
    tagline: str
    footer: str
    language: str
    time_zone: str


class FirmChange(Body):
    """What is left out, or null, stays as it is."""

    name: str | None = Field(None, min_length=1, max_length=100)
    tagline: str | None = Field(None, max_length=60)
    footer: str | None = Field(None, max_length=200)
    language: str | None = Field(None, max_length=10)
    time_zone: str | None = Field(None, max_length=64)


class MailboxOut(Schema):
    """Passwords are written, never read."""

    id: int
    address: str
    name: str
    team_id: int
    is_active: bool
    smtp_host: str
    smtp_port: int
    smtp_security: Security
    smtp_user: str
    imap_host: str
    imap_port: int
    imap_security: Security
    imap_user: str
    imap_folder: str
    last_success_at: datetime | None
    failing_since: datetime | None
    last_error: str
    smtp_failing_since: datetime | None
    smtp_error: str

    @staticmethod
    def resolve_last_error(mailbox: Mailbox) -> str:
        return told(mailbox.last_error)

    @staticmethod
    def resolve_smtp_error(mailbox: Mailbox) -> str:
        return told(mailbox.smtp_error)


class MailboxChange(Body):
    """What is left out, or null, stays as it is. Another host, port, security or user forgets the password."""

    address: str | None = Field(None, max_length=254)
    name: str | None = Field(None, min_length=1, max_length=100)
    team_id: int | None = Field(None, ge=1, le=2**63 - 1)
    is_active: bool | None = None
    smtp_host: str | None = Field(None, max_length=253)
    smtp_port: int | None = Field(None, ge=1, le=65535)
    smtp_security: Security | None = None
    smtp_user: str | None = Field(None, max_length=254)
    smtp_password: str | None = Field(None, max_length=500)
    imap_host: str | None = Field(None, max_length=253)
    imap_port: int | None = Field(None, ge=1, le=65535)
    imap_security: Security | None = None
    imap_user: str | None = Field(None, max_length=254)
    imap_password: str | None = Field(None, max_length=500)
    imap_folder: str | None = Field(None, min_length=1, max_length=200)


class MailboxIn(MailboxChange):
    """Without an SMTP server it sends into the built-in sink; without an IMAP server nothing is fetched."""

    address: str = Field(max_length=254)
    name: str = Field(min_length=1, max_length=100)
    team_id: int = Field(ge=1, le=2**63 - 1)


class StepOut(Schema):
    """`error` is what the server said, or empty where it lets us in."""

    protocol: Literal["imap", "smtp"]
    error: str


@router.get("/firm", response={200: FirmOut, **PROBLEMS}, summary="Under whose name this installation speaks")
def firm(request: ApiRequest) -> Any:
    authorize(can_administer(request.user))
    return Brand.current()


@router.patch("/firm", response={200: FirmOut, **PROBLEMS}, summary="Change what the firm is called")
def change_firm(request: ApiRequest, data: FirmChange) -> Any:
    authorize(can_administer(request.user))
    return Brand.put(**asked_of(data))


def mailbox_of(request: ApiRequest, pk: int) -> Mailbox:
    authorize(can_administer(request.user))
    return get_object_or_404(Mailbox.objects.visible_to(request.user), pk=pk)


def _columns(user: User, data: MailboxChange) -> dict[str, Any]:
    given = asked_of(data)
    if "team_id" in given:
        given["team"] = team_with(user, given.pop("team_id"))
    return given


@router.get("/mailboxes", response={200: list[MailboxOut], **PROBLEMS}, summary="Every address of ours")
def list_mailboxes(request: ApiRequest) -> Any:
    authorize(can_administer(request.user))
    return list(Mailbox.objects.visible_to(request.user))


@router.post("/mailboxes", response={201: MailboxOut, **PROBLEMS}, summary="Add a mailbox")
def add_mailbox(request: ApiRequest, data: MailboxIn) -> Any:
    authorize(can_administer(request.user))
    return 201, keep_mailbox(None, **_columns(request.user, data))


@router.get("/mailboxes/{int:pk}", response={200: MailboxOut, **PROBLEMS}, summary="One mailbox")
def one_mailbox(request: ApiRequest, pk: int) -> Any:
    return mailbox_of(request, pk)


@router.patch("/mailboxes/{int:pk}", response={200: MailboxOut, **PROBLEMS}, summary="Change a mailbox")
def change_mailbox(request: ApiRequest, pk: int, data: MailboxChange) -> Any:
    return keep_mailbox(mailbox_of(request, pk), **_columns(request.user, data))


@router.post("/mailboxes/{int:pk}/test", response={200: list[StepOut], **PROBLEMS}, summary="Do its servers let us in")
def test_mailbox(request: ApiRequest, pk: int, data: MailboxChange | None = None) -> Any:
    """As it is, or as it would be with these values. Signs in to each server that is set, and changes nothing."""
    return _tried(request, mailbox_of(request, pk), data)


@router.post("/mailboxes/test", response={200: list[StepOut], **PROBLEMS}, summary="Would these servers let us in")
def test_new_mailbox(request: ApiRequest, data: MailboxChange) -> Any:
    """Before it is added: it needs no address, no name and no team. Signs in to each server, and changes nothing."""
    authorize(can_administer(request.user))
    return _tried(request, None, data)


def _tried(request: ApiRequest, mailbox: Mailbox | None, data: MailboxChange | None) -> list[Step]:
    return try_servers(as_it_would_be(mailbox, **(_columns(request.user, data) if data else {})))
