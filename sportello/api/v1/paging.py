"""How does a program walk a long list? By cursor: the next page is right even while rows come in."""

import base64
import binascii
from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from ninja import Field, Schema
from ninja.errors import HttpError

from sportello.kernel.numbers import row_number

PAGE = 50
M = TypeVar("M", bound=Model)


class PageQuery(Schema):
    cursor: str = Field("", max_length=200, description="The `next` of the page before.")
    limit: int = Field(PAGE, ge=1, le=200)


def page_of(rows: QuerySet[M], query: PageQuery) -> dict[str, Any]:
    """Newest first: `items`, and `next` for the page after (null at the end). 400 for a cursor that is not ours."""
    before = _id_in(query.cursor)
    ordered = rows.order_by("-pk")
    found = list((ordered.filter(pk__lt=before) if before else ordered)[: query.limit + 1])
    more = len(found) > query.limit
    items = found[: query.limit]
    return {"items": items, "next": _cursor(items[-1].pk) if more else None}


def _cursor(pk: int) -> str:
    return base64.urlsafe_b64encode(f"before:{pk}".encode()).decode().rstrip("=")


def _id_in(cursor: str) -> int | None:
    if not cursor:
        return None
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode("ascii")
        word, _colon, digits = text.partition(":")
        number = row_number(digits)
        if word != "before" or number is None:
            raise ValueError
        return number
    except (binascii.Error, UnicodeDecodeError, ValueError) as error:
        raise HttpError(400, "That cursor is not one of ours. Begin without it.") from error
