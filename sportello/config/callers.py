"""Is a request from somebody who is signed in here, or only says so? One look at an indexed row, before any view."""

from http.cookies import CookieError, SimpleCookie

import structlog
from django.conf import settings
from django.db import DatabaseError, close_old_connections

from sportello.api.models import Token
from sportello.api.tokens import LONGEST, PREFIX, digest_of
from sportello.people.models import SignedInSession

log = structlog.get_logger(__name__)


def is_somebody(headers: dict[bytes, bytes]) -> bool:
    """In a thread of its own, which keeps no connection. Where the database does not answer, nobody is known."""
    close_old_connections()
    try:
        return _is_signed_in(_text(headers, b"cookie")) or _has_token(_text(headers, b"authorization"))
    except DatabaseError as error:
        log.warning("who sends could not be looked up", error=str(error))
        return False
    finally:
        close_old_connections()


def _is_signed_in(cookies: str) -> bool:
    try:
        cookie = SimpleCookie(cookies).get(settings.SESSION_COOKIE_NAME)
    except CookieError:
        return False
    return cookie is not None and SignedInSession.objects.filter(session_key=cookie.value).exists()


def _has_token(authorization: str) -> bool:
    kind, _, token = authorization.partition(" ")
    if kind.lower() != "bearer" or not token.startswith(PREFIX) or len(token) > LONGEST:
        return False
    return Token.objects.in_force().with_digest(digest_of(token)).exists()


def _text(headers: dict[bytes, bytes], name: bytes) -> str:
    return headers.get(name, b"").decode("latin-1").replace("\0", "")
