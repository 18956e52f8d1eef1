"""Is text cleaned of what cannot be kept, and only of that?"""

import pytest

from sportello.kernel.text import is_storable, one_line, storable


@pytest.mark.parametrize(
    ("text", "kept"),
    [("Grüße 😀", "Grüße 😀"), ("a\0b", "ab"), ("a\ud800b\udfff", "ab"), ("a\r\n\tb", "a\r\n\tb"), ("", "")],
)
def test_only_nul_and_halves_of_characters_cannot_be_kept(text: str, kept: str) -> None:
    assert storable(text) == kept
    assert is_storable(text) is (text == kept)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("/\r\nX: y", "/ X: y"),
        (" a\n\n\tb\u2028c\u2029d\x85e\x7f ", "a b c d e"),
        ("two  blanks", "two  blanks"),
        ("famil\u200dy", "famil\u200dy"),
        ("\x01", ""),
    ],
)
def test_a_line_has_one_blank_where_lines_ended(text: str, line: str) -> None:
    assert one_line(text) == line
