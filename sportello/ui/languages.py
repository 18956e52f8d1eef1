"""How is it remembered which language a reader chose?"""

from typing import Any

from django.conf import settings
from django.http.response import HttpResponseBase

A_YEAR = 365 * 24 * 60 * 60


def choose_language(response: HttpResponseBase, code: str, person: Any = None) -> None:
    """A guest's choice is remembered by the browser, a person's by us too."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        code,
        max_age=A_YEAR,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    if person is not None:
        person.language = code
        person.save(update_fields=["language"])
