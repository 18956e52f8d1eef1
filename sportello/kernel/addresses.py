"""What is a mail address, which can somebody give us, and do two spellings of one mean the same mailbox?"""

import re
import unicodedata

from sportello.kernel.text import storable

_ATOM = r"[^\s\x00-\x20\x7f-\x9f\"(),:;<>@\[\]\\.]+"
_LOCAL = re.compile(rf"(?:{_ATOM}(?:\.{_ATOM})*|\"(?:[^\"\\\x00-\x1f\x7f]|\\[\x20-\x7e])*\")")
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
_LITERAL = re.compile(r"\[(?:\d{1,3}(?:\.\d{1,3}){3}|ipv6:[0-9a-f:.]{2,45})\]")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufeff\ufff0-\uffff]")
_MAX_LOCAL = 64
_MAX_DOMAIN = 253
LONGEST = 254  # RFC 5321 4.5.3.1.3, without the angle brackets


def address_key(address: str) -> str:
    """The form in which people's addresses are kept and found. Nonsense stays nonsense.

    Lower case, composed, the domain in ASCII, without what no database keeps.
    """
    local, at, domain = unicodedata.normalize("NFC", storable(address).strip().lower()).rpartition("@")
    return f"{local}{at}{domain_key(domain)}"


def domain_key(domain: str) -> str:
    domain = domain.strip().lower().removesuffix(".")
    if domain.isascii():
        return domain
    try:
        return domain.encode("idna").decode("ascii")
    except UnicodeError:
        return domain


def normalise(address: str) -> str | None:
    """What a mail may carry: domain in lower-case ASCII, local part as written; None if unusable."""
    local, at, domain = address.strip().rpartition("@")
    if not at or len(local.encode("utf-8", "replace")) > _MAX_LOCAL or len(domain) > _MAX_DOMAIN:
        return None
    if _INVISIBLE.search(address) or not _LOCAL.fullmatch(local) or domain != domain.strip():
        return None
    domain = domain_key(domain)
    sound = len(domain) <= _MAX_DOMAIN and all(map(_LABEL.fullmatch, domain.split(".")))
    return f"{local}@{domain}" if sound or _LITERAL.fullmatch(domain) else None


def usable_address(text: str) -> str | None:
    """An address that somebody tells us to write to, as `address_key` keeps it; None where no mail can reach it.

    Stricter than what arrives in mails: no quoted local part, no bare number or word as domain, no `.invalid`.
    """
    from django.core.exceptions import ValidationError  # here, since the child that reads mails loads no framework
    from django.core.validators import validate_email

    address = normalise(text)
    if address is None or not text.isprintable() or len(address) > LONGEST:
        return None
    key = address_key(address)
    try:
        validate_email(key)
    except ValidationError:
        return None
    return None if key.startswith('"') or key.endswith((".invalid", "]")) else key
