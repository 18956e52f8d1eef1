"""Which languages and time zones can a person or a firm keep?"""

from collections.abc import Mapping
from functools import cache
from typing import Any
from zoneinfo import available_timezones

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils.translation import gettext as _


def check_region(row: Model, columns: Mapping[str, Any]) -> None:
    """Raises ValidationError for a new `language` or `time_zone` that we do not speak or keep; an old one may stay."""
    wrong = {}
    if _is_new(row, columns, "language") and columns["language"] not in dict(settings.LANGUAGES):
        wrong["language"] = _("We do not speak that language.")
    if _is_new(row, columns, "time_zone") and columns["time_zone"] not in _zones():
        wrong["time_zone"] = _("There is no such time zone.")
    if wrong:
        raise ValidationError(wrong)


def _is_new(row: Model, columns: Mapping[str, Any], name: str) -> bool:
    return name in columns and columns[name] != getattr(row, name)


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())
