"""How far is the mail that carries a message, for programs, and send it again."""

from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from ninja import Router, Schema

from sportello.api.access import ApiRequest
from sportello.api.problems import PROBLEMS
from sportello.api.v1.messages import message_of
from sportello.channels.delivery import Delivery, states_of
from sportello.channels.email.deliveries import try_again
from sportello.channels.email.models import OutgoingMail
from sportello.people.policy import authorize
from sportello.tickets import policy
from sportello.tickets.models import Message

router = Router()


class DeliveryOut(Schema):
    state: str
    detail: str
    recipients: list[str]


def _delivery_of(message: Message) -> Delivery:
    """Raises Http404 for a message that no mail carries."""
    found = states_of([message]).get(message.pk)
    if found is None:
        raise Http404
    return found


@router.get("/messages/{int:pk}/delivery", response={200: DeliveryOut, **PROBLEMS}, summary="How far its mail is")
def delivery(request: ApiRequest, pk: int) -> Any:
    message = message_of(request, pk)
    authorize(policy.can_view(request.user, message.ticket))
    return _delivery_of(message)


@router.post("/messages/{int:pk}/delivery", response={202: DeliveryOut, **PROBLEMS}, summary="Send it again")
def deliver_again(request: ApiRequest, pk: int) -> Any:
    message = message_of(request, pk)
    authorize(policy.can_reply(request.user, message.ticket))
    try_again(
        get_object_or_404(OutgoingMail.objects.visible_to(request.user).stuck(), message=message), by=request.user
    )
    return 202, _delivery_of(message)
