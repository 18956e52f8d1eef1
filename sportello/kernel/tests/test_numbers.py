"""Which texts from outside are the number of a row?"""

import pytest

from sportello.kernel.numbers import row_number


@pytest.mark.parametrize(("text", "number"), [("7", 7), ("007", 7), ("0", 0), ("9" * 18, 10**18 - 1)])
def test_digits_are_a_number(text: str, number: int) -> None:
    assert row_number(text) == number


@pytest.mark.parametrize("text", ["", "-1", "+1", " 7", "7 ", "1.0", "1e3", "٧", "²", "x", "9" * 19, "\0", "None"])
def test_anything_else_is_none(text: str) -> None:
    assert row_number(text) is None
