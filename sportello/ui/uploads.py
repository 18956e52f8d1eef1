"""What happens to more bytes than a form takes? They are let go unread, and the words around them are kept."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest
from django.http.response import HttpResponseBase

View = Callable[..., HttpResponseBase]


class Cap(FileUploadHandler):
    """Passes files on until all together are too large."""

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request)
        self._left: int = settings.UPLOAD_LIMIT_BYTES

    @property
    def is_exceeded(self) -> bool:
        return self._left < 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        self._left -= len(raw_data)
        if self.is_exceeded:
            raise SkipFile
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """The handlers after this one make the file."""


def cap_uploads(view: View) -> View:
    """Must run before anything reads the form: `@csrf_exempt @cap_uploads @csrf_protect`."""

    @wraps(view)
    def capped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        request.upload_handlers.insert(0, Cap(request))
        return view(request, *args, **kwargs)

    return capped


def too_large(request: HttpRequest) -> bool:
    """Whether files were let go. Read the form first."""
    return any(isinstance(handler, Cap) and handler.is_exceeded for handler in request.upload_handlers)
