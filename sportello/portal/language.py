"""Who changes the language while they write? The switch sends the form along, and it comes back with every word."""

from collections.abc import Callable
from typing import Any, TypeVar

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils import translation

from sportello.people.models import User
from sportello.ui.languages import choose_language

Form = TypeVar("Form", bound=forms.Form)


def changes_language(request: HttpRequest) -> bool:
    """Whether the switch sent the form, and not its own button."""
    return request.POST.get("only") == "language"


def as_typed(kind: type[Form], data: QueryDict) -> Form:
    """Unsent and without complaints. Of a file only its name comes along: it has to be chosen again."""
    return kind(initial={name: _typed(field, name, data) for name, field in kind.base_fields.items()})


def _typed(field: forms.Field, name: str, data: QueryDict) -> Any:
    return [one for one in data.getlist(name) if one] if isinstance(field, forms.FileField) else data.get(name, "")


def in_language_asked(request: HttpRequest, person: User | None, page: Callable[[], HttpResponse]) -> HttpResponse:
    """`page` in the language that the switch names, which the browser remembers, and we for `person`."""
    wish = request.POST.get("language", "")
    language = wish if wish in dict(settings.LANGUAGES) else translation.get_language() or settings.LANGUAGE_CODE
    with translation.override(language):
        response = page()
    choose_language(response, language, person)
    return response
