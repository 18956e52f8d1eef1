"""What is a time zone called where the reader comes from? CLDR knows: Europe/Rome is Roma in Italian."""

import unicodedata
from functools import cache

from babel import Locale
from babel.dates import get_timezone_location
from django.conf import settings
from django.utils.translation import get_language, gettext

# the parts of the world in the time zone database, with their number among CLDR's territories; the seas have none
AREAS = {
    "Africa": "002", "America": "019", "Antarctica": "AQ", "Arctic": "", "Asia": "142",
    "Atlantic": "", "Australia": "AU", "Europe": "150", "Indian": "", "Pacific": "",
}  # fmt: skip


def city_of(zone: str) -> str:
    """In the reader's language; as the database has it where nobody knows the zone."""
    return _city(zone, _reader())


def area_called(area: str) -> str:
    seas = {"Arctic": gettext("Arctic"), "Atlantic": gettext("Atlantic"), "Indian": gettext("Indian Ocean")}
    seas["Pacific"] = gettext("Pacific")
    known: str | None = _locale(_reader()).territories.get(AREAS[area])
    return known or seas.get(area, area)


def alphabetical(name: str) -> str:
    """To sort by, so that letters with marks stand beside those without."""
    return unicodedata.normalize("NFD", name).casefold()


def _reader() -> str:
    return get_language() or settings.LANGUAGE_CODE


@cache
def _city(zone: str, language: str) -> str:
    try:
        return str(get_timezone_location(zone, locale=_locale(language), return_city=True))
    except (LookupError, ValueError):
        return zone.rpartition("/")[2].replace("_", " ")


def _locale(language: str) -> Locale:
    return Locale.parse(language, sep="-")
