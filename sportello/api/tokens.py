"""How is a token made, and whose is it? 256 random bits, kept as a hash, with scopes and an end."""

import hashlib
import secrets
from collections.abc import Collection
from datetime import timedelta

from django.utils import timezone

from sportello.api.models import Scope, Token
from sportello.kernel.text import one_line
from sportello.people.models import User

PREFIX = "spo_"
LONGEST = 200
MOST_DAYS = 36500
USED_EVERY = timedelta(minutes=5)


def issue_token(user: User, name: str, *, scopes: Collection[str] = tuple(Scope), days: int | None = 365) -> str:
    """A new token, in clear for the only time. `days` of None never ends."""
    token = PREFIX + secrets.token_urlsafe(32)
    Token.objects.create(
        user=user,
        name=one_line(name)[:100],
        digest=digest_of(token),
        scopes=sorted(scopes),
        expires_at=timezone.now() + timedelta(days=days) if days else None,
    )
    return token


def digest_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def token_in_force(text: str) -> Token | None:
    """The token with its person; None for one that is unknown, revoked, past its end, or of a person who left."""
    if not text.startswith(PREFIX) or len(text) > LONGEST:
        return None
    found = Token.objects.in_force().with_digest(digest_of(text)).first()
    if found is None or not found.user.is_active:
        return None
    now = timezone.now()
    if found.last_used_at is None or now - found.last_used_at > USED_EVERY:
        Token.objects.filter(pk=found.pk).update(last_used_at=now)
    return found
