"""Under which name may an attachment be shown and downloaded? One that misleads no person and no file system."""

import mimetypes
import re
import unicodedata

# Bidirectional overrides, zero-width characters and other marks that make a name look like another.
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]"
)
_LEADING = re.compile(r"^[./\\\s\x00-]+")
_HIDING = re.compile(r"(?:^|[^.])\.$")
_NEVER = re.compile(r'[\x00-\x1f\x7f-\x9f\ud800-\udfff/\\:*?"<>|]+')
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
_LONGEST = 200
_MIME = mimetypes.MimeTypes(filenames=())
_EXTENSIONS = {
    "message/rfc822": ".eml",
    "text/rfc822-headers": ".txt",
    "message/delivery-status": ".txt",
    "message/disposition-notification": ".txt",
    "message/feedback-report": ".txt",
    "text/calendar": ".ics",
    "text/plain": ".txt",
    "text/html": ".html",
    "image/jpeg": ".jpg",
    "application/pkcs7-mime": ".p7m",
    "application/pkcs7-signature": ".p7s",
    "application/pgp-encrypted": ".asc",
    "application/pgp-signature": ".asc",
}


def safe_name(declared: str, content_type: str, number: int) -> str:
    """The declared name made harmless, at most 200 bytes long; without one, a name by number and type."""
    name = unicodedata.normalize("NFC", _INVISIBLE.sub("", declared))
    name = _NEVER.sub("_", _without_lead(name))
    name = re.sub(r"\s+", " ", name).rstrip(" .")
    if not name:
        return f"attachment-{number}{_extension(content_type)}"
    if _RESERVED.fullmatch(name):
        name = f"_{name}"
    return _shortened(name)


def _without_lead(name: str) -> str:
    """Without path, blanks and dashes in front; of dots one stays that begins the name, as in .htaccess."""
    lead = _LEADING.match(name)
    rest = name[lead.end() :] if lead else name
    return f".{rest}" if rest and lead and _HIDING.search(lead[0]) else rest


def _extension(content_type: str) -> str:
    return _EXTENSIONS.get(content_type) or _MIME.guess_extension(content_type) or ".bin"


def _shortened(name: str) -> str:
    if len(name.encode()) <= _LONGEST:
        return name
    stem, dot, ending = name.rpartition(".")
    if not dot or len(ending) > 10:
        stem, ending = name, ""
    kept = stem.encode()[: _LONGEST - len(ending.encode()) - 1].decode("utf-8", "ignore")
    return f"{kept}.{ending}" if ending else kept
