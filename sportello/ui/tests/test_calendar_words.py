"""How are days and months written in each language?"""

from datetime import date

import pytest
from django.utils.formats import date_format
from django.utils.translation import override


@pytest.mark.parametrize(
    ("language", "written"),
    [("en", "Monday 30 November 2026"), ("it", "lunedì 30 novembre 2026"), ("ro", "luni 30 noiembrie 2026")],
)
def test_a_day_stands_in_a_sentence_as_its_language_writes_it(language: str, written: str) -> None:
    with override(language):
        assert date_format(date(2026, 11, 30), "l j F Y") == written
