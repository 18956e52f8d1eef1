"""Mail for programs: the sink, the quarantine, and what is stuck, with the buttons that mend it."""

from datetime import datetime
from typing import Any

from django.http import FileResponse
from django.shortcuts import get_object_or_404
from ninja import Query, Router, Schema

from sportello.api.access import ApiRequest, Bearer
from sportello.api.description import file_of
from sportello.api.models import Scope
from sportello.api.problems import PROBLEMS
from sportello.api.v1.paging import PageQuery, page_of
from sportello.channels.email.deliveries import give_up, try_again
from sportello.channels.email.models import InboundMail, OutgoingMail, SinkMail
from sportello.channels.email.quarantine import retry
from sportello.kernel.files import open_blob
from sportello.people.policy import authorize, can_administer

router = Router(auth=Bearer(Scope.ADMIN))


class SunkOut(Schema):
    id: int
    subject: str
    recipients: list[str]
    at: datetime


class SunkPage(Schema):
    items: list[SunkOut]
    next: str | None


class HeldOut(Schema):
    id: int
    sender: str
    subject: str
    reason: str
    arrived_at: datetime


class HeldPage(Schema):
    items: list[HeldOut]
    next: str | None


class StuckOut(Schema):
    id: int
    state: str
    to: list[str]
    last_answer: str
    attempts: int

    @staticmethod
    def resolve_last_answer(mail: OutgoingMail) -> str:
        return mail.answer


class StuckPage(Schema):
    items: list[StuckOut]
    next: str | None


@router.get("/mail/sink", response={200: SunkPage, **PROBLEMS}, summary="What went into the built-in sink")
def sink(request: ApiRequest, page: Query[PageQuery]) -> Any:
    authorize(can_administer(request.user))
    return page_of(SinkMail.objects.all(), page)


@router.get(
    "/mail/sink/{int:pk}/source",
    response={200: None, **PROBLEMS},
    summary="A sunk mail, byte for byte",
    openapi_extra=file_of("message/rfc822"),
)
def sunk_source(request: ApiRequest, pk: int) -> Any:
    authorize(can_administer(request.user))
    found = get_object_or_404(SinkMail.objects.select_related("raw"), pk=pk)
    return FileResponse(open_blob(found.raw), content_type="message/rfc822", filename=f"sent-{pk}.eml")


@router.get("/mail/quarantine", response={200: HeldPage, **PROBLEMS}, summary="What could not be read")
def quarantine(request: ApiRequest, page: Query[PageQuery]) -> Any:
    authorize(can_administer(request.user))
    return page_of(InboundMail.objects.quarantined(), page)


@router.post("/mail/quarantine/{int:pk}/retry", response={202: HeldOut, **PROBLEMS}, summary="Read it again")
def retry_quarantined(request: ApiRequest, pk: int) -> Any:
    authorize(can_administer(request.user))
    held = get_object_or_404(InboundMail.objects.quarantined(), pk=pk)
    retry(held)
    return 202, held


@router.get(
    "/mail/quarantine/{int:pk}/source",
    response={200: None, **PROBLEMS},
    summary="A mail that could not be read, byte for byte",
    openapi_extra=file_of("message/rfc822"),
)
def held_source(request: ApiRequest, pk: int) -> Any:
    authorize(can_administer(request.user))
    held = get_object_or_404(InboundMail.objects.select_related("raw"), pk=pk)
    return FileResponse(open_blob(held.raw), content_type="message/rfc822", filename=f"mail-{pk}.eml")


@router.get("/mail/stuck", response={200: StuckPage, **PROBLEMS}, summary="Mails that did not leave")
def stuck(request: ApiRequest, page: Query[PageQuery]) -> Any:
    authorize(can_administer(request.user))
    return page_of(OutgoingMail.objects.stuck(), page)


@router.post("/mail/stuck/{int:pk}/retry", response={202: StuckOut, **PROBLEMS}, summary="Send it again")
def retry_stuck(request: ApiRequest, pk: int) -> Any:
    authorize(can_administer(request.user))
    found = get_object_or_404(OutgoingMail.objects.stuck(), pk=pk)
    try_again(found, by=request.user)
    found.refresh_from_db()
    return 202, found


@router.post("/mail/stuck/{int:pk}/cancellation", response={200: StuckOut, **PROBLEMS}, summary="Do not send it")
def cancel_stuck(request: ApiRequest, pk: int) -> Any:
    authorize(can_administer(request.user))
    found = get_object_or_404(OutgoingMail.objects.stuck(), pk=pk)
    give_up(found, by=request.user)
    found.refresh_from_db()
    return found
