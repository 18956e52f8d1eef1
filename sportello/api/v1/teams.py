"""Teams for programs: which there are, what is set about them, and who is in them."""

from typing import Any, Literal

from django.shortcuts import get_object_or_404
from ninja import Field, Router, Schema

from sportello.api.access import ApiRequest, Bearer
from sportello.api.models import Scope
from sportello.api.problems import PROBLEMS
from sportello.api.v1.changes import asked_of
from sportello.api.v1.schemas import Body, TeamOut
from sportello.people.models import Team
from sportello.people.models.team import ICONS, LONGEST_FOLLOW_UP_DAYS
from sportello.people.policy import authorize, can_administer, can_use_desk
from sportello.people.teams import HUES, keep_team

router = Router()
Icon = Literal[tuple(ICONS)]  # type: ignore[valid-type]  # the model's own list, so that both stay one


class TeamSettings(TeamOut):
    hue: int
    signature: str
    is_offered: bool
    topic_hint: str
    topic_icon: str


class TeamChange(Body):
    """What is left out, or null, stays as it is."""

    name: str | None = Field(None, min_length=1, max_length=100)
    hue: int | None = Field(None, ge=HUES[0], le=HUES[-1])
    follow_up_days: int | None = Field(None, ge=0, le=LONGEST_FOLLOW_UP_DAYS)
    signature: str | None = Field(None, max_length=10_000)
    is_offered: bool | None = Field(None, description="Whether customers can choose it as a topic.")
    topic_hint: str | None = Field(None, max_length=100)
    topic_icon: Icon | None = None  # type: ignore[valid-type]  # the same list
    is_active: bool | None = None


class TeamIn(TeamChange):
    name: str = Field(min_length=1, max_length=100)


class MemberOut(Schema):
    user_id: int
    role: str


@router.get("/teams", response={200: list[TeamOut], **PROBLEMS}, summary="Every team; for a customer those on offer")
def list_teams(request: ApiRequest) -> Any:
    return list(Team.objects.visible_to(request.user))


@router.post("/teams", response={201: TeamSettings, **PROBLEMS}, summary="Make a team", auth=Bearer(Scope.ADMIN))
def add_team(request: ApiRequest, data: TeamIn) -> Any:
    authorize(can_administer(request.user))
    return 201, keep_team(None, **asked_of(data))


@router.get("/teams/{int:pk}", response={200: TeamSettings, **PROBLEMS}, summary="What is set about a team")
def one_team(request: ApiRequest, pk: int) -> Any:
    authorize(can_use_desk(request.user))
    return get_object_or_404(Team, pk=pk)


@router.patch(
    "/teams/{int:pk}", response={200: TeamSettings, **PROBLEMS}, summary="Change a team", auth=Bearer(Scope.ADMIN)
)
def change_team(request: ApiRequest, pk: int, data: TeamChange) -> Any:
    authorize(can_administer(request.user))
    return keep_team(get_object_or_404(Team, pk=pk), **asked_of(data))


@router.get("/teams/{int:pk}/members", response={200: list[MemberOut], **PROBLEMS}, summary="Who is in a team")
def members(request: ApiRequest, pk: int) -> Any:
    authorize(can_use_desk(request.user))
    return list(get_object_or_404(Team, pk=pk).memberships.all())
