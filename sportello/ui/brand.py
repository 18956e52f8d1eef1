"""Whose name and colours does the page carry? A higher layer registers the answer; until then it is ours."""

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest


@dataclass(frozen=True)
class Brand:
    """`mark` and `stylesheet` are addresses; the stylesheet may set `--accent*` and `--font-display`, nothing else."""

    name: str = "Sportello"
    tagline: str = ""
    footer: str = ""
    mark: str = ""
    stylesheet: str = ""


OURS = Brand()
_finders: list[Callable[[HttpRequest], Brand]] = []


def register_brand(find: Callable[[HttpRequest], Brand]) -> None:
    """Let `find` say the brand of a request. The last one registered is asked; it must not cost a query."""
    _finders[:] = [find]


def current_brand(request: HttpRequest) -> Brand:
    return _finders[0](request) if _finders else OURS
