"""What was a ticket at a moment in the past, for programs, and that its person has read it."""

from datetime import datetime
from typing import Any

from ninja import Query, Router, Schema
from ninja.errors import HttpError
from pydantic import AwareDatetime

from sportello.api.access import ApiRequest
from sportello.api.problems import PROBLEMS
from sportello.api.v1.tickets import ticket_of
from sportello.people.policy import authorize
from sportello.tickets import policy, replay
from sportello.tickets.models import TicketSeen
from sportello.tickets.words import Channel, Priority, Status, TicketType

router = Router()


class StateQuery(Schema):
    at: AwareDatetime


class StateOut(Schema):
    """A ticket's columns as its facts up to then make them."""

    subject: str
    status: Status
    priority: Priority
    type: TicketType
    channel: Channel
    language: str
    team_id: int
    assignee_id: int | None
    requester_id: int
    organisation_id: int | None
    participants: list[int]
    tags: list[str]
    follow_up_of_id: int | None
    created_at: datetime
    updated_at: datetime
    solved_at: datetime | None
    closed_at: datetime | None


@router.get("/tickets/{int:number}/state", response={200: StateOut, **PROBLEMS}, summary="A ticket as it was at a time")
def state(request: ApiRequest, number: int, query: Query[StateQuery]) -> Any:
    ticket = ticket_of(request, number)
    authorize(policy.can_view(request.user, ticket))
    if query.at.year not in replay.YEARS:
        raise HttpError(422, "That is no moment in the life of a ticket.")
    found = replay.as_it_was(ticket, query.at)
    if not found:
        raise HttpError(404, "It had not been opened yet.")
    return found


@router.post("/tickets/{int:number}/seen", response={204: None, **PROBLEMS}, summary="It has been read")
def seen(request: ApiRequest, number: int) -> Any:
    ticket = ticket_of(request, number)
    authorize(policy.can_view(request.user, ticket))
    TicketSeen.mark(ticket.pk, request.user.pk)
    return 204, None
