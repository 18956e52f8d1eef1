"""Which places and addresses exist? Higher layers register them, so that the frames name no context."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise

TAB_BAR = 4  # what a phone's tab bar holds beside the person's own entry
FOOT = 100  # places of this order and above stand at the foot of the rail

Allowed = Callable[[Any], bool]


def everyone(user: object) -> bool:
    return True


@dataclass(frozen=True)
class Place:
    """An entry of the rail. Order 100 and above goes to its foot; `allowed` is asked with the user."""

    key: str
    label: str | Promise
    icon: str
    url_name: str
    order: int = 50
    allowed: Allowed = everyone


@dataclass(frozen=True)
class Entry:
    """A place as one person sees it on one page."""

    key: str
    label: str | Promise
    icon: str
    url: str
    current: bool
    at_foot: bool
    wide: bool


_places: dict[str, Place] = {}
_links: dict[str, str] = {}


def register_place(place: Place) -> None:
    _places[place.key] = place


def register_link(name: str, url_name: str) -> None:
    """Say where a frame's own link leads. The names that frames ask for are listed in `ui/__init__.py`."""
    _links[name] = url_name


def link(name: str) -> str:
    """The address of a registered link, or "" so that the frame leaves it out."""
    if name not in _links:
        return ""
    try:
        return reverse(_links[name])
    except NoReverseMatch:
        return ""


def places(request: HttpRequest) -> list[Entry]:
    user = getattr(request, "user", None)
    shown = sorted((place for place in _places.values() if place.allowed(user)), key=lambda place: place.order)
    urls = [reverse(place.url_name) for place in shown]
    here = _closest(request.path, urls)
    return [
        Entry(
            key=place.key,
            label=place.label,
            icon=place.icon,
            url=url,
            current=url == here,
            at_foot=place.order >= FOOT,
            wide=number >= TAB_BAR,
        )
        for number, (place, url) in enumerate(zip(shown, urls, strict=True))
    ]


def _closest(path: str, urls: Iterable[str]) -> str:
    return max((url for url in urls if path.startswith(url)), key=len, default="")
