"""How does a browser come to be signed in, stay so, and stop being so?"""

import time

from django.contrib.auth import login, logout, update_session_auth_hash
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

from sportello.account.browsers import browser_named
from sportello.people.models import SignedInSession, User
from sportello.people.passwords import change_password

SEEN = "seen_at"
SEEN_EVERY_SECONDS = 300


def let_in(request: HttpRequest, user: User, *, stay: bool = True) -> None:
    """Sign the person in under a fresh session key, and note the browser so that it can be signed out elsewhere."""
    SignedInSession.objects.of_key(request.session.session_key).delete()
    login(request, user)
    if not stay:
        request.session.set_expiry(0)
    request.session[SEEN] = int(time.time())
    request.session.save()
    SignedInSession.objects.create(
        user=user,
        session_key=request.session.session_key or "",
        browser=browser_named(request.headers.get("User-Agent", "")),
        ip_address=request.META.get("REMOTE_ADDR") or None,
    )


def let_out(request: HttpRequest) -> None:
    SignedInSession.objects.of_key(request.session.session_key).delete()
    logout(request)


def note_seen(request: HttpRequest) -> None:
    """Once in five minutes, so that the page of sessions is right and other pages cost nothing."""
    seen = request.session.get(SEEN)
    now = int(time.time())
    if seen is not None and now - seen >= SEEN_EVERY_SECONDS:
        request.session[SEEN] = now
        SignedInSession.note_seen(request.session.session_key or "")


def set_password(request: HttpRequest, user: User, password: str) -> int:
    """Change one's own password: this browser stays signed in under a new key, all others do not.

    Returns how many API tokens it ended.
    """
    old_key = request.session.session_key
    ended = change_password(user, password, but_session=old_key)
    update_session_auth_hash(request, user)
    request.session.save()
    SignedInSession.note_new_key(old_key, request.session.session_key)
    return ended


def local_path(wish: str, otherwise: str) -> str:
    """Where to go next, if that is a page of ours."""
    if wish.startswith("/") and url_has_allowed_host_and_scheme(wish, allowed_hosts=None):
        return wish
    return otherwise


def home_of(user: User) -> str:
    return "/desk/" if user.is_staff else "/requests/"
