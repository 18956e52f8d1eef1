"""How large may a request be? Files come as base64 inside JSON, so whom we know may send more than a form needs."""

from threading import BoundedSemaphore

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest

from sportello.kernel.numbers import row_number

LARGE_AT_ONCE = 4  # each takes about five times its size in memory until it is answered
_places = BoundedSemaphore(LARGE_AT_ONCE)


class TooManyLarge(Exception):
    """Others send large files at this moment."""


def largest_body() -> int:
    """Bytes: all the files that a message may have, as base64, beside as much else as anybody may send."""
    return settings.UPLOAD_LIMIT_BYTES * 4 // 3 + settings.DATA_UPLOAD_MAX_MEMORY_SIZE


def take_body(request: HttpRequest) -> None:
    """Read a body that Django would find too large. Raises RequestDataTooBig, TooManyLarge.

    Whoever calls this calls `give_place_back` when the request is answered.
    """
    length = row_number(request.headers.get("Content-Length", "")) or 0
    if length <= settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
        return
    if length > largest_body():
        raise RequestDataTooBig
    if not _places.acquire(blocking=False):
        raise TooManyLarge
    vars(request)["has_place"] = True
    vars(request)["_body"] = request.read()  # what `request.body` answers with, instead of comparing lengths again


def give_place_back(request: HttpRequest) -> None:
    if vars(request).pop("has_place", False):
        _places.release()
