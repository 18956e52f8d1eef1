"""Tickets for programs: list, open, change, and the verbs of their life."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.shortcuts import get_object_or_404
from ninja import Field, Query, Router, Schema
from ninja.errors import HttpError

from sportello.api import repeats
from sportello.api.access import ApiRequest
from sportello.api.problems import PROBLEMS
from sportello.api.v1.files import files_of
from sportello.api.v1.paging import PageQuery, page_of
from sportello.api.v1.schemas import SolutionIn, TicketChange, TicketIn, TicketOut, TicketPage
from sportello.channels.email.fault_words import told
from sportello.kernel.addresses import usable_address
from sportello.people.models import Team, User
from sportello.people.policy import authorize
from sportello.tickets import conditions, conversation, policy
from sportello.tickets.conversation import TooLate, Words
from sportello.tickets.copies import OUR_OWN, is_ours
from sportello.tickets.intake import Entered, open_for_customer
from sportello.tickets.models import Ticket, TimelineEntry
from sportello.tickets.querysets import TicketQuerySet
from sportello.tickets.words import Status

router = Router()


class TicketQuery(PageQuery):
    q: str = Field("", max_length=500, description="Conditions and words, as in the filter bar: status:open tag:vpn")


def rows(user: User) -> TicketQuerySet:
    return (
        Ticket.objects.visible_to(user)
        .select_related("requester", "team", "assignee")
        .prefetch_related("tags", "participant_rows")
    )


def ticket_of(request: ApiRequest, number: int) -> Ticket:
    """Raises Http404 for one that does not exist or is not visible."""
    return get_object_or_404(rows(request.user), pk=number)


# these raise ValidationError by the name of the field, as it was sent


def person_with(user: User, field: str, pk: int) -> User:
    try:
        found: User = User.objects.visible_to(user).get(pk=pk)
    except User.DoesNotExist as error:
        raise ValidationError({field: "There is no such person."}) from error
    return found


def assignee_with(user: User, pk: int | None) -> User | None:
    return person_with(user, "assignee_id", pk) if pk else None


@contextmanager
def assignee_as_sent() -> Iterator[None]:
    """What is wrong with the `assignee` of a verb is told of `assignee_id`."""
    try:
        yield
    except ValidationError as refusal:
        if "assignee" not in getattr(refusal, "error_dict", {}):
            raise
        raise ValidationError({"assignee_id": refusal.messages}) from refusal


def address_of(field: str, text: str) -> str:
    """A customer's: neither nonsense nor one of ours."""
    address = usable_address(text)
    if address is None:
        raise ValidationError({field: "That is no mail address."})
    if is_ours(address):
        raise ValidationError({field: str(OUR_OWN)})
    return address


def person_at(user: User, field: str, text: str, name: str = "") -> User:
    """Who owns the address; a new customer, of the caller's language, where nobody does."""
    found: User = User.objects.at_address_or_new(address_of(field, text), name, user.language)
    return found


def addresses_in(field: str, given: list[str]) -> list[str]:
    addresses = [usable_address(address) for address in given]
    if not all(addresses):
        raise ValidationError({field: f"One of the addresses in {field} is not a mail address."})
    return [address for address in addresses if address]


def team_with(user: User, pk: int | None) -> Team:
    found = Team.objects.visible_to(user).active().get_or_first(pk)
    if found is None:
        raise ValidationError({"team_id": "There is no such team."})
    return found


@router.get("/tickets", response={200: TicketPage, **PROBLEMS}, summary="List tickets")
def list_tickets(request: ApiRequest, page: Query[TicketQuery]) -> Any:
    query = conditions.parse(page.q, request.user)
    if query.problems:
        raise HttpError(400, " ".join(query.problems))
    return page_of(conditions.apply(rows(request.user), query, request.user), page)


@router.post(
    "/tickets",
    response={201: TicketOut, **PROBLEMS},
    summary="Open a ticket",
    openapi_extra=repeats.DESCRIBED,
)
def open_ticket(request: ApiRequest, data: TicketIn) -> Any:
    user = request.user
    entered = Entered(
        subject=data.subject,
        team=team_with(user, data.team_id),
        words=Words(text=data.text, files=files_of(data.files)),
        channel=data.channel,
        requester=address_of("requester", data.requester) if data.requester else "",
        requester_name=data.requester_name,
        priority=data.priority,
        type=data.type,
        tags=data.tags,
        cc=addresses_in("cc", data.cc),
        assignee=assignee_with(user, data.assignee_id),
        note=data.note,
    )
    authorize(policy.can_enter(user, entered))
    with assignee_as_sent():
        message = repeats.once(request, lambda: open_for_customer(entered, by=user).messages.earliest("id"))
    return 201, ticket_after(message.ticket)


def ticket_after(ticket: Ticket) -> Ticket:
    """As it is after an act, even where the act took it out of the person's sight."""
    return Ticket.objects.select_related("requester", "team", "assignee").get(pk=ticket.pk)


@router.get("/tickets/{int:number}", response={200: TicketOut, **PROBLEMS}, summary="One ticket")
def one_ticket(request: ApiRequest, number: int) -> Any:
    return ticket_of(request, number)


@router.patch("/tickets/{int:number}", response={200: TicketOut, **PROBLEMS}, summary="Change a ticket")
def change_ticket(request: ApiRequest, number: int, data: TicketChange) -> Any:
    ticket = ticket_of(request, number)
    user = request.user
    given = data.model_fields_set
    authorize(policy.can_change(user, ticket))
    with transaction.atomic():
        _change(ticket, user, data)
        _hand_over(ticket, user, data, given)
    return ticket_after(ticket)


def _change(ticket: Ticket, user: User, data: TicketChange) -> None:
    if data.subject is not None:
        ticket.rename(data.subject, by=user)
    if data.priority is not None:
        ticket.prioritise(data.priority, by=user)
    if data.type is not None:
        ticket.retype(data.type, by=user)
    if data.add_tags or data.remove_tags:
        ticket.tag(by=user, add=data.add_tags or [], remove=data.remove_tags or [])
    if data.requester_id is not None:
        ticket.change_requester(person_with(user, "requester_id", data.requester_id), by=user)
    elif data.requester:
        ticket.change_requester(person_at(user, "requester", data.requester), by=user)


def _hand_over(ticket: Ticket, user: User, data: TicketChange, given: set[str]) -> None:
    if data.team_id is not None:
        authorize(policy.can_move(user, ticket))
        ticket.move_to(team_with(user, data.team_id), by=user)
    if "assignee_id" in given:
        authorize(policy.can_assign(user, ticket))
        assignee = assignee_with(user, data.assignee_id)
        with assignee_as_sent():
            ticket.check_assignee(assignee)
        ticket.assign_to(assignee, by=user)


@router.post("/tickets/{int:number}/solution", response={200: TicketOut, **PROBLEMS}, summary="Solve a ticket")
def solve(request: ApiRequest, number: int, data: SolutionIn) -> Any:
    ticket = ticket_of(request, number)
    note = data.note.strip()
    authorize(policy.can_solve(request.user, ticket, note))
    conversation.solve(ticket, by=request.user, note=note, undo_seconds=data.undo_seconds)
    return ticket_after(ticket)


@router.post(
    "/tickets/{int:number}/solution/withdrawal",
    response={200: TicketOut, **PROBLEMS},
    summary="Take a solution back before the customer hears of it",
)
def take_solution_back(request: ApiRequest, number: int) -> Any:
    ticket = ticket_of(request, number)
    authorize(policy.can_unsolve(request.user, ticket))
    try:
        conversation.take_solution_back(ticket, by=request.user)
    except TooLate as error:
        raise HttpError(409, "The customer has been told already. Open the ticket again instead.") from error
    return ticket_after(ticket)


def _status_verb(noun: str, status: str) -> None:
    def act(request: ApiRequest, number: int) -> Any:
        ticket = ticket_of(request, number)
        authorize(policy.can_set(request.user, ticket, status))
        ticket.set_status(status, by=request.user)
        return ticket_after(ticket)

    router.post(
        f"/tickets/{{int:number}}/{noun}",
        response={200: TicketOut, **PROBLEMS},
        summary=f"Status: {noun}",
        operation_id=f"ticket_{noun}",
        url_name=f"ticket_{noun}",
    )(act)


_status_verb("reopening", Status.OPEN)
_status_verb("waiting", Status.WAITING)
_status_verb("hold", Status.ON_HOLD)
_status_verb("start", Status.OPEN)


class Entry(Schema):
    id: int
    kind: str
    at: Any
    actor_id: int
    data: dict[str, Any]
    cause: dict[str, Any] | None

    @staticmethod
    def resolve_cause(entry: TimelineEntry) -> dict[str, Any] | None:
        cause: dict[str, Any] | None = entry.cause
        return cause | {"answer": told(cause["answer"])} if cause and "answer" in cause else cause


class EntryPage(Schema):
    items: list[Entry]
    next: str | None


@router.get("/tickets/{int:number}/timeline", response={200: EntryPage, **PROBLEMS}, summary="Every fact of a ticket")
def timeline(request: ApiRequest, number: int, page: Query[PageQuery]) -> Any:
    ticket = ticket_of(request, number)
    authorize(policy.can_view(request.user, ticket))
    return page_of(ticket.timeline.all(), page)
