"""Queues for programs, with how much waits in each, in the order in which the desk shows them."""

from typing import Any, Literal

from django.http import Http404
from ninja import Field, Query, Router, Schema
from ninja.errors import HttpError

from sportello.api.access import ApiRequest
from sportello.api.problems import PROBLEMS
from sportello.api.v1.schemas import TicketOut
from sportello.api.v1.tickets import rows
from sportello.people.models import User
from sportello.people.policy import authorize, can_use_desk
from sportello.tickets import queues
from sportello.tickets.models import SavedView
from sportello.tickets.paging import place_in
from sportello.tickets.queues import Page, Queue
from sportello.tickets.words import Sort

router = Router()


class QueueOut(Schema):
    """`count` is of tickets that are still to do; null where nobody counts."""

    key: str
    title: str
    sort: Sort
    view_id: int | None
    count: int | None


class QueueTicket(TicketOut):
    unread: bool = Field(description="A customer spoke since the token's person looked.")


class QueuePage(Schema):
    items: list[QueueTicket]
    next: str | None


class QueueQuery(Schema):
    q: str = Field("", max_length=500, description="Narrows it, as in the filter bar: status:open tag:vpn")
    sort: Literal[Sort.URGENCY, Sort.ARRIVAL, Sort.UPDATED] | None = Field(None, description="By default its own.")
    cursor: str = Field("", max_length=300, description="The `next` of the page before.")


@router.get("/queues", response={200: list[QueueOut], **PROBLEMS}, summary="Every queue, and how long it is")
def list_queues(request: ApiRequest) -> Any:
    authorize(can_use_desk(request.user))
    counts = queues.counts(request.user, SavedView.objects.visible_to(request.user))
    return [_told(queue, counts.get(queue.key)) for queue in queues.all_of(request.user)]


def _told(queue: Queue, count: int | None) -> dict[str, Any]:
    view = queue.view.pk if queue.view else None
    known = count if count is not None or not queue.key.startswith("team-") else 0
    return {"key": queue.key, "title": queue.title, "sort": queue.sort, "view_id": view, "count": known}


@router.get("/queues/{slug:key}/tickets", response={200: QueuePage, **PROBLEMS}, summary="What waits in a queue")
def tickets_of_queue(request: ApiRequest, key: str, query: Query[QueueQuery]) -> Any:
    authorize(can_use_desk(request.user))
    chosen = queues.queue(request.user, key)
    if chosen is None:
        raise Http404
    sort = query.sort or ""
    if query.cursor and place_in(query.cursor, queues.order_of(chosen, sort)) is None:
        raise HttpError(400, "That cursor is not one of ours. Begin without it.")
    page = queues.page(request.user, chosen, text=query.q, sort=sort, after=query.cursor)
    if page.problems:
        raise HttpError(400, " ".join(page.problems))
    return {"items": _whole(request.user, page), "next": page.next or None}


def _whole(user: User, page: Page) -> list[Any]:
    """The tickets of the page with all that a program is told, in the page's order."""
    unread = queues.unread_ids(user, page.tickets)
    found = rows(user).in_bulk([ticket.pk for ticket in page.tickets])
    for ticket in found.values():
        vars(ticket)["unread"] = ticket.pk in unread
    return [found[ticket.pk] for ticket in page.tickets if ticket.pk in found]
