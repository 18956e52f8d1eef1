"""Search for programs: by number, words, name and address, newest first."""

from typing import Any

from django.db.models import prefetch_related_objects
from ninja import Field, Query, Router, Schema

from sportello.api.access import ApiRequest
from sportello.api.problems import PROBLEMS
from sportello.api.v1.schemas import TicketOut
from sportello.tickets.finding import find_tickets

router = Router()


class SearchQuery(Schema):
    q: str = Field(min_length=1, max_length=500)
    limit: int = Field(50, ge=1, le=100)


class FoundOut(Schema):
    ticket: TicketOut
    snippet: str
    why: str


@router.get("/search", response={200: list[FoundOut], **PROBLEMS}, summary="Find tickets")
def search(request: ApiRequest, query: Query[SearchQuery]) -> Any:
    found = find_tickets(request.user, query.q, limit=query.limit)
    prefetch_related_objects([one.ticket for one in found], "tags", "participant_rows")
    return found
