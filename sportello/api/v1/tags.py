"""Tags for programs."""

from typing import Any

from ninja import Router

from sportello.api.access import ApiRequest
from sportello.api.problems import PROBLEMS
from sportello.api.v1.schemas import TagOut
from sportello.people.policy import authorize, can_use_desk
from sportello.tickets.models import Tag

router = Router()


@router.get("/tags", response={200: list[TagOut], **PROBLEMS}, summary="Every tag")
def list_tags(request: ApiRequest) -> Any:
    authorize(can_use_desk(request.user))
    return list(Tag.objects.all())
