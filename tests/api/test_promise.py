"""Can the API do whatever the pages of desk and portal can? Each page that is posted to names its operation."""

import pytest

from sportello.api.urls import api
from tests.api.counterparts import COUNTERPARTS, WITHOUT
from tests.permissions.addresses import pages

DOORS = ("desk:", "portal:", "tokens:")

ACTS = {name for method, name in pages() if method == "POST" and name.startswith(DOORS)}


def test_every_act_has_its_operation_or_a_reason() -> None:
    assert sorted(ACTS) == sorted([*COUNTERPARTS, *WITHOUT])


def test_the_pages_that_only_read_are_told_apart_from_acts() -> None:
    assert "desk:ticket" not in ACTS
    assert {"desk:solution", "desk:say", "portal:answer"} <= ACTS


@pytest.mark.parametrize("operation", sorted(set(COUNTERPARTS.values())))
def test_the_operation_exists(operation: str) -> None:
    method, path = operation.split(" ")
    assert method.lower() in api.get_openapi_schema()["paths"][path]
