"""Who works here, for programs: colleagues, their role, and their role in each team."""

from dataclasses import replace
from typing import Any, Literal

from django.shortcuts import get_object_or_404
from ninja import Field, Router, Schema

from sportello.api.access import ApiRequest, Bearer
from sportello.api.models import Scope
from sportello.api.problems import PROBLEMS
from sportello.api.v1.schemas import Body, PersonOut
from sportello.people.models import Team, User
from sportello.people.models.team import join_team, leave_team
from sportello.people.policy import authorize, can_administer, can_appoint
from sportello.people.roles import Role
from sportello.people.staffing import Post, keep_colleague, post_of, take_on

router = Router(auth=Bearer(Scope.ADMIN))
StaffRole = Literal[Role.ADMINISTRATOR, Role.SUPERVISOR, Role.AGENT, Role.LIGHT_AGENT, Role.CUSTOMER]
TeamRole = Literal[Role.SUPERVISOR, Role.AGENT, Role.LIGHT_AGENT]


class MembershipOut(Schema):
    team_id: int
    role: str


class ColleagueOut(PersonOut):
    memberships: list[MembershipOut]

    @staticmethod
    def resolve_memberships(person: User) -> list[Any]:
        return list(person.memberships.all())


class ColleagueIn(Body):
    name: str = Field(min_length=1, max_length=200)
    address: str = Field(max_length=254)
    role: StaffRole
    is_active: bool = True


class ColleagueChange(Body):
    """What is left out, or null, stays as it is. The role of a customer ends the work here."""

    name: str | None = Field(None, min_length=1, max_length=200)
    address: str | None = Field(None, max_length=254)
    role: StaffRole | None = None
    is_active: bool | None = None


class MembershipIn(Body):
    role: TeamRole


@router.get("/staff", response={200: list[ColleagueOut], **PROBLEMS}, summary="Everybody who works here, or did")
def list_staff(request: ApiRequest) -> Any:
    authorize(can_administer(request.user))
    return list(User.objects.everyone_of_staff().prefetch_related("memberships"))


@router.post("/staff", response={201: ColleagueOut, **PROBLEMS}, summary="Take a colleague on")
def add_colleague(request: ApiRequest, data: ColleagueIn) -> Any:
    authorize(can_administer(request.user))
    return 201, take_on(Post(**data.model_dump()))


def person_of(request: ApiRequest, pk: int) -> User:
    authorize(can_administer(request.user))
    found: User = get_object_or_404(User.objects.visible_to(request.user), pk=pk)
    return found


def _appointed_by(request: ApiRequest, pk: int) -> User:
    person = person_of(request, pk)
    authorize(can_appoint(request.user, person))
    return person


@router.patch("/staff/{int:pk}", response={200: ColleagueOut, **PROBLEMS}, summary="Change what somebody is here")
def change_colleague(request: ApiRequest, pk: int, data: ColleagueChange) -> Any:
    """Also makes a colleague of somebody who was a customer."""
    person = person_of(request, pk)
    if data.model_fields_set & {"role", "is_active"}:
        authorize(can_appoint(request.user, person))
    return keep_colleague(person, replace(post_of(person), **data.model_dump(exclude_none=True)))


@router.put(
    "/teams/{int:team_pk}/members/{int:pk}", response={200: MembershipOut, **PROBLEMS}, summary="Put into a team"
)
def put_into_team(request: ApiRequest, team_pk: int, pk: int, data: MembershipIn) -> Any:
    """Or change the role there."""
    return join_team(_appointed_by(request, pk), get_object_or_404(Team, pk=team_pk), data.role)


@router.delete("/teams/{int:team_pk}/members/{int:pk}", response={204: None, **PROBLEMS}, summary="Take out of a team")
def take_out_of_team(request: ApiRequest, team_pk: int, pk: int) -> Any:
    team = get_object_or_404(Team, pk=team_pk)
    leave_team(_appointed_by(request, pk), team)
    return 204, None
