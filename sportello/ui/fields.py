"""Which fields do several doors ask for? One line, a mail address that can carry no header, files, a time zone."""

from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import TZPATH, available_timezones

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from sportello.kernel.addresses import LONGEST, usable_address
from sportello.kernel.numbers import row_number
from sportello.kernel.text import one_line
from sportello.ui.cities import AREAS, alphabetical, area_called, city_of


class LineField(forms.CharField):
    """Line ends and control characters, which no browser's field types, become blanks."""

    def to_python(self, value: Any) -> str:
        return one_line(super().to_python(value) or "")


class AddressField(forms.EmailField):
    """One address, in lower case. Line ends, lists and names around it are refused, not cleaned away."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_length": LONGEST, **kwargs})
        self.strip = False

    def to_python(self, value: Any) -> str:
        text = str(value or "").strip(" ")
        if not text:
            return ""
        address = usable_address(text)
        if address is None:
            raise forms.ValidationError(_("Write one address, such as ana@example.com."), code="invalid")
        return address


class RowsField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]  # not generic when it runs
    """Several rows as a list; a number that no database holds names none of them, like one that is not there."""

    def clean(self, value: Any) -> Any:
        for given in value or ():
            if row_number(str(given)) is None:
                raise forms.ValidationError(self.error_messages["invalid_pk_value"], params={"pk": str(given)[:20]})
        found = super().clean(value)
        return list(found) if value else []  # what nobody chose is not asked for


class FilesInput(forms.FileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Any number of files. `limit` is what they may weigh together, for saying it; checking is for others."""

    widget = FilesInput

    @property
    def limit(self) -> int:
        return int(settings.UPLOAD_LIMIT_BYTES)

    def clean(self, data: Any, initial: Any = None) -> Any:
        files: list[UploadedFile[bytes]] = list(data or [])
        return [file for file in files if file.name]


def zones() -> list[tuple[str, list[tuple[str, str]]]]:
    """Every city that keeps a time of its own, by part of the world, in the reader's language and alphabet."""
    return _zones_in(get_language() or "")


@cache
def _zones_in(language: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """`language` is the reader's, in which everything here is named."""
    cities = sorted(((name, city_of(name)) for name in _names_in_use()), key=lambda city: alphabetical(city[1]))
    return [
        (area_called(area), [(name, city) for name, city in cities if name.startswith(f"{area}/")]) for area in AREAS
    ]


@cache
def _names_in_use() -> set[str]:
    """Without the aliases: the zones that the system's list of countries names, one for each place."""
    names = {line.split("\t")[2] for line in _lines_of_system("zone.tab") if line and not line.startswith("#")}
    return names & available_timezones() or available_timezones()


@cache
def _aliases() -> dict[str, str]:
    links = [line.split() for line in _lines_of_system("tzdata.zi") if line.startswith("L ")]
    return {alias: name for _, name, alias in links}


def _lines_of_system(filename: str) -> list[str]:
    """Of a file of the time zone database; none where the system has it in another shape."""
    places = [Path(folder, filename) for folder in TZPATH]
    return next((place.read_text(encoding="utf-8").splitlines() for place in places if place.exists()), [])


class ZoneField(forms.ChoiceField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=zones, label=_("Time zone"), **kwargs)

    def prepare_value(self, value: Any) -> Any:
        """A zone that was kept, or is a browser's, under an old name is shown under the one that is offered."""
        if value and not self.valid_value(value):
            return _aliases().get(value, value)
        return value

    def to_python(self, value: Any) -> str:
        name: str = self.prepare_value(super().to_python(value))
        return name
