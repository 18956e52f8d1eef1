"""Saved views for programs: a question under a name, one's own or shared with a team."""

from typing import Any

from django.shortcuts import get_object_or_404
from ninja import Field, Router, Schema
from ninja.errors import HttpError

from sportello.api.access import ApiRequest
from sportello.api.problems import PROBLEMS
from sportello.api.v1.changes import asked_of
from sportello.api.v1.schemas import Body
from sportello.api.v1.tickets import team_with
from sportello.people.models import User
from sportello.people.policy import authorize, can_use_desk
from sportello.tickets import policy
from sportello.tickets.models import SavedView
from sportello.tickets.saved_views import RESTORABLE, NotRestorable, keep_view, put_back, take_away
from sportello.tickets.words import Sort

router = Router()


class ViewOut(Schema):
    id: int
    name: str
    query: str
    sort: Sort
    owner_id: int
    team_id: int | None


class ViewIn(Body):
    """`team_id` shares it with a team; without, it is its owner's."""

    name: str = Field(min_length=1, max_length=80)
    query: str = Field("", max_length=500)
    sort: Sort = Sort.URGENCY
    team_id: int | None = Field(None, ge=1, le=2**63 - 1)


class ViewChange(Body):
    """What is left out, or null, stays as it is; `team_id` of null makes it its owner's alone."""

    name: str | None = Field(None, min_length=1, max_length=80)
    query: str | None = Field(None, max_length=500)
    sort: Sort | None = None
    team_id: int | None = Field(None, ge=1, le=2**63 - 1)


class ViewRemoved(Schema):
    """`restoration` brings it back, of the same person and soon after."""

    id: int
    restoration: str


class ViewAgain(Body):
    restoration: str = Field(max_length=10_000, description="What its removal answered.")


def _columns(user: User, data: ViewIn | ViewChange) -> dict[str, Any]:
    given = asked_of(data, "team_id")
    if "team_id" in given:
        number = given.pop("team_id")
        given["team"] = team_with(user, number) if number else None
    return given


def view_of(request: ApiRequest, pk: int) -> SavedView:
    return get_object_or_404(SavedView.objects.visible_to(request.user), pk=pk)


@router.get("/views", response={200: list[ViewOut], **PROBLEMS}, summary="Every saved view that one has")
def list_views(request: ApiRequest) -> Any:
    authorize(can_use_desk(request.user))
    return list(SavedView.objects.visible_to(request.user))


@router.post("/views", response={201: ViewOut, **PROBLEMS}, summary="Save a view")
def add_view(request: ApiRequest, data: ViewIn) -> Any:
    authorize(can_use_desk(request.user))
    return 201, keep_view(SavedView(owner=request.user), by=request.user, **_columns(request.user, data))


@router.patch("/views/{int:pk}", response={200: ViewOut, **PROBLEMS}, summary="Change a saved view")
def change_view(request: ApiRequest, pk: int, data: ViewChange) -> Any:
    view = view_of(request, pk)
    authorize(can_use_desk(request.user) and policy.can_edit_view(request.user, view))
    return keep_view(view, by=request.user, **_columns(request.user, data))


@router.delete("/views/{int:pk}", response={200: ViewRemoved, **PROBLEMS}, summary="Remove a saved view")
def remove_view(request: ApiRequest, pk: int) -> Any:
    view = view_of(request, pk)
    authorize(can_use_desk(request.user) and policy.can_edit_view(request.user, view))
    return {"id": pk, "restoration": take_away(view, by=request.user)}


@router.post("/views/restoration", response={200: ViewOut, **PROBLEMS}, summary="Bring a removed view back")
def restore_view(request: ApiRequest, data: ViewAgain) -> Any:
    """As it was, with its number, its owner and its team. To bring it back twice changes nothing."""
    authorize(can_use_desk(request.user))
    try:
        return put_back(data.restoration, by=request.user)
    except NotRestorable as error:
        raise HttpError(404, f"No view comes back by that: only who removed it has {RESTORABLE} seconds.") from error
