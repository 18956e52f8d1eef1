"""How does a password for another server lie in the database? Sealed with keys that are not in it."""

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings


class Unsealable(Exception):
    """The secret was sealed with a key that this installation does not have."""


def _box() -> MultiFernet:
    keys = settings.SPORTELLO_SEAL_KEYS or [settings.SECRET_KEY]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(hashlib.sha256(key.encode()).digest())) for key in keys])


def seal(secret: str) -> str:
    """Encrypt with the newest key; an empty secret stays empty."""
    return _box().encrypt(secret.encode()).decode() if secret else ""


def unseal(sealed: str) -> str:
    """Decrypt with whichever key fits. Raises Unsealable."""
    if not sealed:
        return ""
    try:
        return _box().decrypt(sealed.encode()).decode()
    except InvalidToken as error:
        raise Unsealable from error
