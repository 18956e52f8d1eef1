"""Can the API do whatever the pages of desk and portal can? Each page that is posted to names its operation."""

from collections.abc import Callable, Iterator
from types import FunctionType
from typing import Any

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from sportello.api.urls import api
from tests.api.counterparts import COUNTERPARTS, WITHOUT

DOORS = ("desk:", "portal:", "tokens:")


def _pages(patterns: list[URLPattern | URLResolver], namespace: str = "") -> Iterator[tuple[str, URLPattern]]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from _pages(
                pattern.url_patterns, f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            )
        else:
            yield f"{namespace}{pattern.name}", pattern


def _methods(view: Callable[..., Any]) -> set[str]:
    """Which methods `require_POST` and its like allow it, wherever they stand among its decorators; all without them."""
    todo: list[Any] = [view]
    for found in todo:
        cells = dict(zip(found.__code__.co_freevars, found.__closure__ or (), strict=True))
        if "request_method_list" in cells:
            return set(cells["request_method_list"].cell_contents)
        todo += [cell.cell_contents for cell in cells.values() if isinstance(cell.cell_contents, FunctionType)]
    return {"GET", "POST"}


ACTS = {
    name
    for name, page in _pages(get_resolver().url_patterns)
    if name.startswith(DOORS) and "POST" in _methods(page.callback)
} - {"desk:live"}  # a stream that any method may open


def test_every_act_has_its_operation_or_a_reason() -> None:
    assert sorted(ACTS) == sorted([*COUNTERPARTS, *WITHOUT])


def test_the_pages_that_only_read_are_told_apart_from_acts() -> None:
    assert "desk:ticket" not in ACTS
    assert {"desk:solution", "desk:say", "portal:answer"} <= ACTS


@pytest.mark.parametrize("operation", sorted(set(COUNTERPARTS.values())))
def test_the_operation_exists(operation: str) -> None:
    method, path = operation.split(" ")
    assert method.lower() in api.get_openapi_schema()["paths"][path]
