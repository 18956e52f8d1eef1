"""Teams for programs."""

from typing import Any

from django.shortcuts import get_object_or_404
from ninja import Router, Schema

from sportello.api.access import ApiRequest
from sportello.api.problems import PROBLEMS
from sportello.api.v1.schemas import TeamOut
from sportello.people.models import Team
from sportello.people.policy import authorize, can_use_desk

router = Router()


class MemberOut(Schema):
    user_id: int
    role: str


@router.get("/teams", response={200: list[TeamOut], **PROBLEMS}, summary="Every team; for a customer those on offer")
def list_teams(request: ApiRequest) -> Any:
    return list(Team.objects.all() if can_use_desk(request.user) else Team.objects.offered())


@router.get("/teams/{int:pk}/members", response={200: list[MemberOut], **PROBLEMS}, summary="Who is in a team")
def members(request: ApiRequest, pk: int) -> Any:
    authorize(can_use_desk(request.user))
    return list(get_object_or_404(Team, pk=pk).memberships.all())
