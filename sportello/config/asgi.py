"""Which requests wait and which work? Live streams go to Django's ASGI side, pages to a pool of threads (WSGI)."""

import os
from collections.abc import Awaitable, Callable, MutableMapping
from functools import cache
from typing import Any, cast

from a2wsgi import WSGIMiddleware
from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sportello.config.settings")

THREADS = 16
STREAMS = ("/desk/live/",)

from sportello.config.wsgi import application as _pages  # noqa: E402  sets up Django
from sportello.kernel.live import the_hub  # noqa: E402

# three libraries write the same three types in three ways
_pooled: Any = WSGIMiddleware(cast(Any, _pages), workers=THREADS)

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


@cache
def _streaming() -> Any:
    """At the first stream: Django would look through all assets a second time while it starts."""
    return get_asgi_application()


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "lifespan":
        await _live(receive, send)
    elif scope["path"].startswith(STREAMS):
        await _streaming()(scope, receive, send)
    else:
        await _pooled(scope, receive, send)


async def _live(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            the_hub.start()
            await send({"type": "lifespan.startup.complete"})
        else:
            the_hub.stop()
            await send({"type": "lifespan.shutdown.complete"})
            return
