"""Who is in copy of a ticket, for programs: they read along and may answer."""

from typing import Any

from django.shortcuts import get_object_or_404
from ninja import Field, Router

from sportello.api.access import ApiRequest
from sportello.api.problems import PROBLEMS
from sportello.api.v1.schemas import Body, PersonOut
from sportello.api.v1.tickets import person_at, ticket_of
from sportello.people.policy import authorize
from sportello.tickets import policy

router = Router()


class ParticipantIn(Body):
    address: str = Field(max_length=254)
    name: str = Field("", max_length=200, description="For somebody who is new here.")


@router.get("/tickets/{int:number}/participants", response={200: list[PersonOut], **PROBLEMS}, summary="Who is in copy")
def list_participants(request: ApiRequest, number: int) -> Any:
    ticket = ticket_of(request, number)
    authorize(policy.can_view(request.user, ticket))
    return list(ticket.participants.all())


@router.post("/tickets/{int:number}/participants", response={201: PersonOut, **PROBLEMS}, summary="Put into copy")
def add_participant(request: ApiRequest, number: int, data: ParticipantIn) -> Any:
    ticket = ticket_of(request, number)
    authorize(policy.can_change(request.user, ticket))
    person = person_at(request.user, "address", data.address, data.name)
    ticket.add_participant(person, by=request.user)
    return 201, person


@router.delete(
    "/tickets/{int:number}/participants/{int:pk}", response={204: None, **PROBLEMS}, summary="Take out of copy"
)
def remove_participant(request: ApiRequest, number: int, pk: int) -> Any:
    ticket = ticket_of(request, number)
    authorize(policy.can_change(request.user, ticket))
    ticket.remove_participant(get_object_or_404(ticket.participants.all(), pk=pk), by=request.user)
    return 204, None
