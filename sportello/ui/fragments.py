"""How does one answer bring several partials, and a word of confirmation?"""

import json
import re
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.functional import Promise

from sportello.ui import undoing

TOASTS = "toasts"  # id of the region
_ROOT = re.compile(r"\s*<[a-z][\w-]*(?=[\s>])(?=[^>]*\sid=)")
_LEAVES_PAGE = ("HX-Redirect", "HX-Refresh", "HX-Location", "Location")


def is_fragment(request: HttpRequest) -> bool:
    """Whether htmx asks for a part of the page that it has."""
    return request.headers.get("HX-Request") == "true" and "HX-Boosted" not in request.headers


def fragments(request: HttpRequest, *templates: str, **context: Any) -> HttpResponse:
    """Render the partials: the first for the target, the others swapped out of band by the id of their root.

    A request that comes out of a toast has no target, so there all of them are out of band.
    """
    parts = [render_to_string(template, context, request) for template in templates]
    kept = 0 if request.headers.get("HX-Target") == TOASTS else 1
    marked = [_out_of_band(html, name) for html, name in zip(parts[kept:], templates[kept:], strict=True)]
    return HttpResponse("".join([*parts[:kept], *marked]))


def _out_of_band(html: str, template: str) -> str:
    found = _ROOT.match(html)
    if found is None:
        raise ValueError(f"{template} needs one root element with an id to be swapped by it")
    return f'{html[: found.end()]} hx-swap-oob="true"{html[found.end() :]}'


def toast(
    request: HttpRequest,
    response: HttpResponse,
    text: str | Promise,
    *,
    undo_url: str = "",
    seconds: int = 10,
    tone: str = "good",
    last_second: str | Promise = "",
) -> HttpResponse:
    """Say `text` on the page that the person sees next: this fragment, or the page after the redirect.

    With `undo_url` it offers the way back for that many seconds, on every page that is opened meanwhile; POST goes
    there. With `last_second`, the same sentence for one second, the last number of the sentence counts down.
    """
    slip = {
        "text": str(text),
        "undo_url": undo_url,
        "seconds": seconds,
        "tone": tone,
        "last": str(last_second),
        "for": request.user.pk,
    }
    if undo_url:
        undoing.keep(request, response, slip)
    if is_fragment(request) and response.status_code == 200 and not any(name in response for name in _LEAVES_PAGE):
        html = render_to_string("ui/_toast.html", {"toast": slip}, request)
        response.write(f'<div hx-swap-oob="beforeend:#{TOASTS}">{html}</div>')
    elif not undo_url:
        messages.info(request, json.dumps(slip))
    return response


def waiting_toasts(request: HttpRequest) -> list[dict[str, Any]]:
    """What to say to this person: once what the last request left, and what can still be taken back.

    Reading takes the first away, and another's with them.
    """
    slips = [json.loads(slip.message) for slip in messages.get_messages(request)]
    return [slip for slip in slips if slip["for"] == request.user.pk] + undoing.still_open(request)
