"""What does a program ask to change? What it names; a field of null stays too, unless null says something there."""

from typing import Any

from ninja import Schema


def asked_of(change: Schema, *may_be_null: str) -> dict[str, Any]:
    given = change.model_dump(exclude_unset=True)
    return {name: value for name, value in given.items() if value is not None or name in may_be_null}
