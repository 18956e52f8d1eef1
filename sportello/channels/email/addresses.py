"""Which signed address lets an answer find its ticket?"""

import base64
import binascii
import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass
from time import time

_MAX_LOCAL = 64
_MAC_BYTES = 16
_TOKEN = re.compile(r"\+r([a-z2-7]{2,24})\.([a-z2-7]{26})$")


@dataclass(frozen=True, slots=True)
class ReplyToken:
    ticket_id: int
    user_id: int


def reply_address(mailbox: str, ticket_id: int, user_id: int, secret: bytes) -> str:
    """`local+r<ids>.<mac>@domain`: whoever answers to it answers this ticket as this person.

    Where the local part has no room for it (64 characters, RFC 5321 4.5.3.1.1), the plain address: Message-IDs do then.
    """
    local, _at, domain = mailbox.rpartition("@")
    ids = _packed(ticket_id, user_id)
    signed = f"{local}+r{ids}.{_mac(ids, domain, secret)}"
    return f"{signed}@{domain}" if len(signed) <= _MAX_LOCAL else mailbox


def read_reply_address(address: str, secret: bytes) -> ReplyToken | None:
    """What a signed address says, in any case of its letters; None where the signature does not hold."""
    local, _at, domain = address.strip().strip("<>").lower().rpartition("@")
    token = _TOKEN.search(local)
    if not token or not hmac.compare_digest(token[2].encode(), _mac(token[1], domain, secret).encode()):
        return None
    return _unpacked(token[1])


def unsigned(address: str, secret: bytes) -> str:
    """Without the signature, where it is one of ours; any other address as it is."""
    if read_reply_address(address, secret) is None:
        return address
    local, _at, domain = address.rpartition("@")
    return f"{local[: local.rindex('+')]}@{domain}"


def message_id(domain: str) -> str:
    """A new Message-ID without brackets; nothing in it can be guessed."""
    stamp = _base32(int(time()).to_bytes(5, "big"))
    return f"{stamp}.{_base32(secrets.token_bytes(16))}@{domain}"


def _mac(ids: str, domain: str, secret: bytes) -> str:
    digest = hmac.new(secret, f"reply-address:{ids}@{domain.lower()}".encode(), hashlib.sha256).digest()
    return _base32(digest[:_MAC_BYTES])


def _packed(*numbers: int) -> str:
    """Two or more whole numbers as base32, seven bits a byte, the highest bit saying that more follow."""
    out = bytearray()
    for number in numbers:
        rest = number
        while rest >= 0x80:
            out.append(rest & 0x7F | 0x80)
            rest >>= 7
        out.append(rest)
    return _base32(bytes(out))


def _unpacked(text: str) -> ReplyToken | None:
    try:
        data = base64.b32decode(text.upper() + "=" * (-len(text) % 8))
    except binascii.Error:
        return None
    numbers, current, shift = [], 0, 0
    for byte in data:
        current |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            numbers.append(current)
            current = shift = 0
    return ReplyToken(*numbers) if len(numbers) == 2 else None


def _base32(data: bytes) -> str:
    return base64.b32encode(data).decode("ascii").rstrip("=").lower()
