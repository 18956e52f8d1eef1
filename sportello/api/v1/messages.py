"""Messages for programs: the thread, answers, notes, files, and taking an answer back."""

from typing import Any

from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404
from ninja import Query, Router
from ninja.errors import HttpError

from sportello.api import repeats
from sportello.api.access import ApiRequest
from sportello.api.description import file_of
from sportello.api.problems import PROBLEMS
from sportello.api.v1.files import files_of
from sportello.api.v1.paging import PageQuery, page_of
from sportello.api.v1.schemas import MessageIn, MessageOut, MessagePage
from sportello.api.v1.tickets import addresses_in, ticket_of
from sportello.channels.delivery import states_of
from sportello.kernel.files import open_blob
from sportello.people.models import User
from sportello.people.policy import authorize, can_use_desk
from sportello.tickets import conversation, intake, policy
from sportello.tickets.conversation import Overtaken, TooLate, Words
from sportello.tickets.models import Attachment, Message, Ticket
from sportello.tickets.words import Channel, MessageKind

router = Router()


def _with_deliveries(messages: list[Message]) -> list[Message]:
    states = states_of(messages)
    for message in messages:
        found = states.get(message.pk)
        message.delivery = found.state if found else None  # type: ignore[attr-defined]  # read by the schema
    return messages


@router.get("/tickets/{int:number}/messages", response={200: MessagePage, **PROBLEMS}, summary="The thread")
def list_messages(request: ApiRequest, number: int, page: Query[PageQuery]) -> Any:
    ticket = ticket_of(request, number)
    found = page_of(Message.objects.visible_to(request.user).of_ticket(ticket).for_thread(), page)
    _with_deliveries(found["items"])
    return found


@router.post(
    "/tickets/{int:number}/messages",
    response={201: MessageOut, **PROBLEMS},
    summary="Answer, or write a note",
    openapi_extra=repeats.DESCRIBED,
)
def add_message(request: ApiRequest, number: int, data: MessageIn) -> Any:
    ticket = ticket_of(request, number)
    words = Words(text=data.text, files=files_of(data.files), recipients=_recipients(data))
    message = repeats.once(request, lambda: _say(request.user, ticket, words, data))
    return 201, _with_deliveries([message])[0]


def _say(user: User, ticket: Ticket, words: Words, data: MessageIn) -> Message:
    if data.kind == MessageKind.NOTE:
        authorize(policy.can_note(user, ticket))
        return conversation.note(ticket, words, by=user)
    if not can_use_desk(user):
        authorize(not (data.then or data.solution or data.to or data.cc or data.undo_seconds or data.seen))
        return intake.answer(ticket, words, by=user, channel=Channel.API)
    authorize(policy.can_reply(user, ticket, data.then or ""))
    more: dict[str, Any] = {"then": data.then or "", "solution": data.solution, "undo_seconds": data.undo_seconds}
    try:
        return conversation.reply(ticket, words, by=user, seen=data.seen, **more)
    except Overtaken as overtaken:
        who = ", ".join(dict.fromkeys(str(message.author) for message in overtaken.said))
        last = overtaken.said[-1].pk
        raise HttpError(409, f"{who} wrote meanwhile. Read it, and send again with seen={last}.") from overtaken


def _recipients(data: MessageIn) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, given in (("to", data.to), ("cc", data.cc)):
        if given is not None:
            found[name] = addresses_in(name, given)
    return found


def message_of(request: ApiRequest, pk: int) -> Message:
    return get_object_or_404(Message.objects.visible_to(request.user).for_thread().select_related("ticket"), pk=pk)


@router.get("/messages/{int:pk}", response={200: MessageOut, **PROBLEMS}, summary="One message")
def one_message(request: ApiRequest, pk: int) -> Any:
    return _with_deliveries([message_of(request, pk)])[0]


@router.post("/messages/{int:pk}/withdrawal", response={200: MessageOut, **PROBLEMS}, summary="Take an answer back")
def withdraw(request: ApiRequest, pk: int) -> Any:
    message = message_of(request, pk)
    authorize(policy.can_withdraw(request.user, message))
    try:
        return _with_deliveries([conversation.withdraw(message, by=request.user)])[0]
    except TooLate as error:
        raise HttpError(409, "That reply has already been sent.") from error


@router.get(
    "/messages/{int:pk}/source",
    response={200: None, **PROBLEMS},
    summary="A message as it arrived",
    openapi_extra=file_of("message/rfc822"),
)
def source(request: ApiRequest, pk: int) -> Any:
    message = message_of(request, pk)
    authorize(policy.can_view(request.user, message.ticket))
    if message.raw is None:
        raise Http404
    return FileResponse(open_blob(message.raw), content_type="message/rfc822", filename=f"message-{pk}.eml")


@router.get(
    "/attachments/{int:pk}",
    response={200: None, **PROBLEMS},
    summary="A file's bytes",
    openapi_extra=file_of("application/octet-stream"),
)
def attachment(request: ApiRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Attachment.objects.visible_to(request.user).select_related("blob"), pk=pk)
    response = FileResponse(
        open_blob(found.blob), as_attachment=True, filename=found.name, content_type="application/octet-stream"
    )
    response["X-Content-Type-Options"] = "nosniff"
    return response  # type: ignore[return-value]  # a streaming response is one for ninja too
