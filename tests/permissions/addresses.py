"""Which pages are there, by name, and by which methods may each be asked?"""

from collections.abc import Callable, Iterator
from types import FunctionType
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

ANY_METHOD = {"desk:live", "alive", "ready"}  # they only read, and answer whatever the method is


def pages() -> set[tuple[str, str]]:
    """("GET", name) of each page that can be read and ("POST", name) of each that can be posted to, but for the API."""
    return {
        (method, name)
        for name, page in _pages(get_resolver().url_patterns)
        if not name.startswith("api-v1:")
        for method in ({"GET"} if name in ANY_METHOD else _methods(page.callback))
    }


def _pages(patterns: list[URLPattern | URLResolver], namespace: str = "") -> Iterator[tuple[str, URLPattern]]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from _pages(pattern.url_patterns, inner)
        else:
            yield f"{namespace}{pattern.name}", pattern


def _methods(view: Callable[..., Any]) -> set[str]:
    """Which ones `require_POST` and its like allow, wherever they stand among its decorators; all without them."""
    todo: list[Any] = [view]
    for found in todo:
        cells = dict(zip(found.__code__.co_freevars, found.__closure__ or (), strict=True))
        if "request_method_list" in cells:
            return {"GET", "POST"} & set(cells["request_method_list"].cell_contents)
        todo += [cell.cell_contents for cell in cells.values() if isinstance(cell.cell_contents, FunctionType)]
    return {"GET", "POST"}
