"""Many tickets at once, for programs: started, watched, stopped and put back, as at the desk."""

from typing import Annotated, Any, Literal

from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404
from ninja import Field, Query, Router, Schema
from ninja.errors import HttpError

from sportello.api.access import ApiRequest
from sportello.api.problems import PROBLEMS
from sportello.api.v1.changes import asked_of
from sportello.api.v1.paging import PageQuery, page_of
from sportello.api.v1.schemas import Body, TagName
from sportello.people.policy import authorize, can_use_desk
from sportello.tickets import bulk, conditions
from sportello.tickets.models import BulkJob
from sportello.tickets.words import MOST_TAGS, Priority, Status, TicketType

router = Router()


class Change(Body):
    """What each ticket becomes; what is left out, or null, stays. `assignee` of null lets them go."""

    status: Literal[Status.OPEN, Status.WAITING, Status.ON_HOLD, Status.SOLVED] | None = None
    priority: Priority | None = None
    type: TicketType | None = None
    team: int | None = Field(None, ge=1, le=2**63 - 1)
    assignee: int | None = Field(None, ge=1, le=2**63 - 1)
    add_tags: list[TagName] | None = Field(None, max_length=MOST_TAGS)
    remove_tags: list[TagName] | None = Field(None, max_length=MOST_TAGS)


class BulkIn(Body):
    """`tickets` by number, or all that `q` finds, conditions as in the filter bar."""

    tickets: list[Annotated[int, Field(ge=1, le=2**63 - 1)]] = Field([], max_length=bulk.MOST)
    q: str = Field("", max_length=500)
    change: Change


class Failure(Schema):
    ticket: int
    why: str


class BulkRow(Schema):
    id: int
    state: Literal["running", "done", "cancelled", "undoing", "undone"]
    total: int
    done: int
    changed: int


class BulkOut(BulkRow):
    failures: list[Failure]


class BulkPage(Schema):
    items: list[BulkRow]
    next: str | None


@router.get("/bulk-changes", response={200: BulkPage, **PROBLEMS}, summary="One's own changes of many tickets")
def list_bulk(request: ApiRequest, page: Query[PageQuery]) -> Any:
    authorize(can_use_desk(request.user))
    return page_of(BulkJob.objects.of(request.user), page)


@router.post("/bulk-changes", response={202: BulkOut, **PROBLEMS}, summary="Change many tickets")
def start_bulk(request: ApiRequest, data: BulkIn) -> Any:
    authorize(can_use_desk(request.user))
    query = conditions.parse(data.q, request.user)
    if bool(data.tickets) == bool(data.q.strip()) or not (data.tickets or query.says_something):
        raise HttpError(422, "Name the tickets, or a question that finds them.")
    which = data.tickets or query
    change = asked_of(data.change, "assignee")
    try:
        return 202, bulk.start(request.user, which, change)
    except bulk.ChangeRefused as refused:
        field = f"change.{refused.field}" if refused.field else ""
        raise ValidationError({field: str(refused)}) from refused


def job_of(request: ApiRequest, pk: int) -> BulkJob:
    """Everybody's own."""
    authorize(can_use_desk(request.user))
    return get_object_or_404(BulkJob.objects.of(request.user), pk=pk)


@router.get("/bulk-changes/{int:pk}", response={200: BulkOut, **PROBLEMS}, summary="How far it is")
def one_bulk(request: ApiRequest, pk: int) -> Any:
    return job_of(request, pk)


@router.post("/bulk-changes/{int:pk}/cancellation", response={200: BulkOut, **PROBLEMS}, summary="Stop it")
def stop_bulk(request: ApiRequest, pk: int) -> Any:
    """What is done stays done. To stop what does not run changes nothing."""
    job = job_of(request, pk)
    bulk.cancel(job)
    return job


@router.post("/bulk-changes/{int:pk}/reversal", response={200: BulkOut, **PROBLEMS}, summary="Put everything back")
def undo_bulk(request: ApiRequest, pk: int) -> Any:
    """Where nothing newer has changed it. To put back what still runs changes nothing: stop it first."""
    job = job_of(request, pk)
    bulk.undo(job)
    return job
