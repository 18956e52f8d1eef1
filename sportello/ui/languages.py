"""How does a browser remember which language its reader chose?"""

from django.conf import settings
from django.http.response import HttpResponseBase

A_YEAR = 365 * 24 * 60 * 60


def remember_language(response: HttpResponseBase, code: str) -> None:
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        code,
        max_age=A_YEAR,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
