"""How is a moment written for its reader? In their zone and language, as often as fifty times a page."""

from datetime import datetime
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from babel.dates import parse_pattern
from django.utils import timezone
from django.utils.translation import get_language, override, to_locale
from django.utils.translation import gettext as _

MINUTE, HOUR, DAY = 60, 3600, 86_400
SHORT, WORDS = "short", "words"

EXACT = "d MMMM y, HH:mm"
CLOCK = "HH:mm"
CLOCK_OF_DAY = "d MMM, HH:mm"
DATE = "d MMM"
DATE_OF_YEAR = "d MMM y"


def exact(local: datetime) -> str:
    return written(local, EXACT)


def clock(local: datetime) -> str:
    """The time of day, with the date unless it is today."""
    return written(local, CLOCK if local.date() == timezone.localdate() else CLOCK_OF_DAY)


def date(local: datetime) -> str:
    return written(local, DATE if local.year == timezone.localdate().year else DATE_OF_YEAR)


def age(seconds: float, style: str) -> str:
    """How long ago; `relative-time.js` says the same a minute later."""
    now, *units = age_words(style)
    if seconds < MINUTE:
        return now
    size, unit = (MINUTE, units[0]) if seconds < HOUR else (HOUR, units[1]) if seconds < DAY else (DAY, units[2])
    return unit.replace("{}", str(int(seconds // size)))


def age_words(style: str) -> tuple[str, str, str, str]:
    """Now, minutes, hours, days, with {} for the number."""
    return _age_words(get_language() or "en", style)


@lru_cache(maxsize=64)
def _age_words(language: str, style: str) -> tuple[str, str, str, str]:
    with override(language):
        if style == SHORT:
            return _("now"), _("{}m"), _("{}h"), _("{}d")
        return _("just now"), _("{} min ago"), _("{} h ago"), _("{} d ago")


def written(local: datetime, pattern: str) -> str:
    """By a pattern of Unicode's LDML no finer than a minute."""
    return _written(local.replace(second=0, microsecond=0, tzinfo=None), pattern, get_language() or "en")


@lru_cache(maxsize=4096)
def _written(minute: datetime, pattern: str, language: str) -> str:
    try:
        locale = Locale.parse(to_locale(language))
    except UnknownLocaleError:
        locale = Locale.parse("en")
    return str(parse_pattern(pattern).apply(minute, locale))
