"""Does a change keep what it does not name? A default in its description would be sent by a program made from it."""

from typing import Any

import pytest

from sportello.api.urls import api

DESCRIBED = api.get_openapi_schema()
COMPONENTS: dict[str, Any] = DESCRIBED["components"]["schemas"]
CHANGES = {
    operation["requestBody"]["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
    for path in DESCRIBED["paths"].values()
    for method, operation in path.items()
    if method == "patch"
} | {"Change"}


def test_changes_of_every_noun_are_looked_at() -> None:
    assert {"TicketChange", "PersonChange", "MailboxChange", "FirmChange", "Change"} <= CHANGES


@pytest.mark.parametrize("name", sorted(CHANGES))
def test_a_change_demands_nothing_and_promises_no_default(name: str) -> None:
    fields = COMPONENTS[name]["properties"]
    assert COMPONENTS[name].get("required", []) == []
    assert [field for field, described in fields.items() if described.get("default") is not None] == []
