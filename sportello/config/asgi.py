"""Which requests wait and which work? Assets and live streams are served here, pages by a pool of threads (WSGI)."""

import errno
import os
from collections.abc import Callable, MutableMapping
from contextlib import closing
from functools import cache
from io import BytesIO
from typing import Any, cast

from a2wsgi import WSGIMiddleware
from django.conf import settings
from django.core.asgi import get_asgi_application
from servestatic import ServeStaticASGI

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sportello.config.settings")

THREADS = 16
STREAMS = ("/desk/live/",)
ALIVE = "/health/"
LIST_OF_ASSETS = "staticfiles.json"  # lies among them, for us only

from sportello.config.wsgi import application as _pages  # noqa: E402  sets up Django

# isort: split
from django.core.handlers.asgi import ASGIRequest  # noqa: E402  after Django is set up
from django.http import HttpRequest, HttpResponse  # noqa: E402  after Django is set up
from django.utils import translation  # noqa: E402  after Django is set up

from sportello.config.arrivals import MB, CutOff, Receive, Refused, Scope, whole  # noqa: E402  after Django is set up
from sportello.config.departures import DEPARTURE, Departure, Page, Send  # noqa: E402  after Django is set up
from sportello.config.health import alive  # noqa: E402  after Django is set up
from sportello.config.memory import look_no_more_at_what_stays  # noqa: E402  after Django is set up
from sportello.kernel.live import the_hub  # noqa: E402  after Django is set up
from sportello.ui import errors  # noqa: E402  after Django is set up


def _with_files(environ: dict[str, Any], start_response: Any) -> Any:
    environ["wsgi.file_wrapper"] = environ["asgi.scope"][DEPARTURE].take_file
    answer = _pages(environ, start_response)
    return Page(answer) if isinstance(answer, HttpResponse) else answer


# three libraries write the same three types in three ways
_pooled: Any = WSGIMiddleware(cast(Any, _with_files), workers=THREADS)

_SAID: dict[int, Callable[[HttpRequest, Refused], HttpResponse]] = {
    408: lambda request, refusal: errors.too_slow(request),
    413: lambda request, refusal: errors.too_large(request, f"{refusal.limit // MB} MB"),
    503: lambda request, refusal: errors.busy(request),
    507: lambda request, refusal: errors.no_room(request),
}


@cache
def _streaming() -> Any:
    """At the first stream: Django would look through all assets a second time while it starts."""
    return get_asgi_application()


async def _dynamic(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "lifespan":
        await _live(receive, send)
    elif scope["type"] != "http":
        await _pooled(scope, receive, send)
    elif scope["path"] == ALIVE:  # also while every thread is busy
        await _say(alive(_bare(scope)), send)
    else:
        await _serve(scope, receive, send)


async def _serve(scope: Scope, receive: Receive, send: Send) -> None:
    """Nobody works on a request before all of it is here."""
    serve = _stream if scope["path"].startswith(STREAMS) else _page
    try:
        await serve(scope, receive, send)
    except CutOff:
        return
    except Refused as refusal:
        await _say(_refusal(_bare(scope), refusal), send)
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        await _say(_refusal(_bare(scope), Refused(507)), send)


async def _stream(scope: Scope, receive: Receive, send: Send) -> None:
    async with whole(scope, receive) as (arrived, body):
        await _streaming()(arrived, body, send)


async def _page(scope: Scope, receive: Receive, send: Send) -> None:
    """What arrived is let go before the answer leaves: its reader may take a while."""
    with closing(Departure(scope)) as departure:
        async with whole(scope, receive) as (arrived, body):
            await _pooled({**arrived, DEPARTURE: departure}, body, departure.take)
        await departure.leave(receive, send)


def _bare(scope: Scope) -> HttpRequest:
    return ASGIRequest({**scope, "headers": list(scope["headers"])}, BytesIO())


def _refusal(request: HttpRequest, refusal: Refused) -> HttpResponse:
    with translation.override(translation.get_language_from_request(request)):
        response = _SAID[refusal.status](request, refusal)
    response["Connection"] = "close"  # the rest of the body is not waited for
    return response


async def _say(response: HttpResponse, send: Send) -> None:
    headers = [(name.lower().encode(), value.encode("latin-1")) for name, value in response.items()]
    headers.append((b"content-length", str(len(response.content)).encode()))
    await send({"type": "http.response.start", "status": response.status_code, "headers": headers})
    await send({"type": "http.response.body", "body": response.content})


async def _live(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            the_hub.start()
            look_no_more_at_what_stays()
            await send({"type": "lifespan.startup.complete"})
        else:
            the_hub.stop()
            await send({"type": "lifespan.shutdown.complete"})
            return


def _like_pages(headers: MutableMapping[str, str], _path: str, _url: str) -> None:
    headers["X-Content-Type-Options"] = "nosniff"


def _with_assets() -> Any:
    root, prefix = settings.STATIC_ROOT, settings.STATIC_URL
    served = ServeStaticASGI(_dynamic, root, prefix, add_headers_function=_like_pages, allow_all_origins=False)
    served.files.pop(f"{prefix}{LIST_OF_ASSETS}", None)
    return served


application = _dynamic if settings.DEBUG else _with_assets()
