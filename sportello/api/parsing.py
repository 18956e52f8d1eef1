"""What may the text in a request hold? What every database keeps; where it holds more, the request names the place."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest
from django.utils.datastructures import MultiValueDict
from ninja.parser import Parser

from sportello.kernel.text import is_storable


class Unstorable(ValueError):
    """Text with NUL, or with half a character, at the places in `fields`."""

    def __init__(self, fields: list[str]) -> None:
        super().__init__(f"Text that cannot be kept: {fields}")
        self.fields = fields


class StorableParser(Parser):
    """Raises Unstorable; of a body, ninja makes it the cause of an error of its own."""

    def parse_body(self, request: HttpRequest) -> dict[str, Any]:
        return _checked(super().parse_body(request))

    def parse_querydict(
        self, data: MultiValueDict[str, Any], list_fields: list[str], request: HttpRequest
    ) -> dict[str, Any]:
        return _checked(super().parse_querydict(data, list_fields, request))


def _checked(given: dict[str, Any]) -> dict[str, Any]:
    wrong = list(dict.fromkeys(_unstorable(given, "")))
    if wrong:
        raise Unstorable(wrong)
    return given


def _unstorable(value: Any, place: str) -> Iterator[str]:
    if isinstance(value, str):
        if not is_storable(value):
            yield place
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield from _unstorable(str(name), place)
            yield from _unstorable(inner, f"{place}.{name}".lstrip("."))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _unstorable(inner, f"{place}.{number}".lstrip("."))
