"""How does the API say no? As problem+json (RFC 9457): a status, a title, and a sentence that says what to do."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.core.exceptions import ValidationError as Invalid
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from ninja import NinjaAPI, Schema
from ninja.errors import AuthenticationError, HttpError, Throttled, ValidationError

from sportello.api.bodies import TooManyLarge, give_place_back
from sportello.api.parsing import Unstorable
from sportello.kernel.files import FileLost
from sportello.kernel.room import is_disk_full
from sportello.tickets.files import FilesRefused
from sportello.tickets.models.ticket import TransitionRefused


class Problem(Schema):
    """RFC 9457. `errors` names the wrong fields."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str = ""
    errors: list[dict[str, Any]] = []


PROBLEMS: dict[int, Any] = dict.fromkeys((400, 401, 403, 404, 405, 409, 410, 413, 415, 422, 429, 503, 507), Problem)
TITLES = {
    400: "That request cannot be read",
    401: "A valid token is needed",
    403: "Not allowed",
    404: "Not found",
    405: "Not that way",
    409: "Not in this state",
    410: "Gone",
    413: "Too large",
    415: "Unknown kind of content",
    422: "Some fields are wrong",
    429: "Too many requests",
    503: "Not available right now",
    507: "No room left",
}


def problem(status: int, detail: str = "", errors: list[dict[str, Any]] | None = None) -> HttpResponse:
    body = {"type": "about:blank", "title": TITLES.get(status, "Error"), "status": status, "detail": detail}
    return JsonResponse(
        body | {"errors": errors or []}, status=status, content_type="application/problem+json; charset=utf-8"
    )


def answered(view: Callable[..., Any]) -> Callable[..., Any]:
    """What ninja would answer in plain text: a method it has not."""

    @wraps(view)
    def checked(request: HttpRequest, /, *args: Any, **kwargs: Any) -> Any:
        try:
            response = view(request, *args, **kwargs)
        finally:
            give_place_back(request)
        if response.status_code != 405:
            return response
        refusal = problem(405, f"This address takes {response['Allow']}.")
        refusal["Allow"] = response["Allow"]
        return refusal

    return checked


def install(api: NinjaAPI) -> None:
    """Let every error of the API leave as a problem."""
    limit = settings.UPLOAD_LIMIT_BYTES // (1024 * 1024)
    plain: list[tuple[type[Exception], int, str]] = [
        (Http404, 404, "There is no such thing, or it is not visible to you."),
        (FileLost, 410, "It was here, but the store has lost it. An administrator may bring it back from a backup."),
        (PermissionDenied, 403, "This token's person may not do that."),
        (RequestDataTooBig, 413, f"A request takes up to {limit} MB of files. Send fewer, or share a link."),
        (TooManyLarge, 503, "Others are sending large files. Try again in a moment."),
    ]
    for kind, status, sentence in plain:
        _answer(api, kind, status, sentence)

    @api.exception_handler(AuthenticationError)
    def unauthenticated(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
        response = problem(401, "Send a token that is in force: Authorization: Bearer …")
        response["WWW-Authenticate"] = "Bearer"
        return response

    _name_the_fields(api)
    _say_what_was_said(api)
    _say_what_is_away(api)

    @api.exception_handler(TransitionRefused)
    def refused(request: HttpRequest, error: TransitionRefused) -> HttpResponse:
        return problem(409, f"A ticket that is {error.current} cannot become {error.wanted}.")

    @api.exception_handler(FilesRefused)
    def too_large(request: HttpRequest, error: FilesRefused) -> HttpResponse:
        return problem(413, str(error))


def _words(error: dict[str, Any]) -> str:
    return "There is no such field." if error["type"] == "extra_forbidden" else str(error["msg"])


def _field(place: tuple[str | int, ...]) -> str:
    """As the program wrote it: `body` and the name of our parameter for it are ours."""
    ours = 2 if place[0] == "body" else 1
    return ".".join(str(part) for part in place[ours:])


def _name_the_fields(api: NinjaAPI) -> None:
    @api.exception_handler(ValidationError)
    def invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
        errors = [{"field": _field(e["loc"]), "message": _words(e)} for e in error.errors]
        return problem(422, "See errors for the fields.", errors)

    @api.exception_handler(Invalid)
    def not_kept(request: HttpRequest, error: Invalid) -> HttpResponse:
        """What the model or the verb forbids, in the words that a form would say."""
        named = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
        errors = [{"field": field, "message": text} for field, texts in named.items() for text in texts]
        return problem(422, " ".join(e["message"] for e in errors), errors)


def _say_what_was_said(api: NinjaAPI) -> None:
    @api.exception_handler(Unstorable)
    def not_storable(request: HttpRequest, error: Unstorable) -> HttpResponse:
        errors = [{"field": field, "message": "It holds a character that cannot be kept."} for field in error.fields]
        return problem(422, "See errors for the fields.", errors)

    @api.exception_handler(HttpError)
    def said(request: HttpRequest, error: HttpError) -> HttpResponse:
        if isinstance(error.__cause__, Unstorable):  # of a body; of a query it comes by itself
            return not_storable(request, error.__cause__)
        response = problem(error.status_code, error.message)
        if isinstance(error, Throttled) and error.wait:
            response["Retry-After"] = str(int(error.wait) + 1)
        return response


def _say_what_is_away(api: NinjaAPI) -> None:
    def full(request: HttpRequest, error: Exception) -> HttpResponse:
        return problem(507, "The disk is full. Nothing was kept. Tell an administrator, and try again later.")

    @api.exception_handler(OperationalError)
    @api.exception_handler(InterfaceError)
    def away(request: HttpRequest, error: Exception) -> HttpResponse:
        """What else a database says is our mistake: 500, and recorded."""
        if is_disk_full(error):
            return full(request, error)
        return problem(503, "The database does not answer. Try again in a moment.")

    @api.exception_handler(OSError)
    def unwritten(request: HttpRequest, error: OSError) -> HttpResponse:
        if is_disk_full(error):
            return full(request, error)
        raise error


def _answer(api: NinjaAPI, kind: type[Exception], status: int, sentence: str) -> None:
    @api.exception_handler(kind)
    def answer(request: HttpRequest, error: Exception) -> HttpResponse:
        return problem(status, sentence)
