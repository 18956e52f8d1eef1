"""Which files come with a message, and how are they kept? Names are cleaned for showing, bytes go to the store."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sportello.kernel.files import keep
from sportello.tickets.models import Attachment, Message

_TYPE = re.compile(r"^[a-z0-9][a-z0-9!#$&^_.+-]{0,62}/[a-z0-9][a-z0-9!#$&^_.+-]{0,62}$")
_HIDDEN = re.compile(r" *\.[^ .]")  # .htaccess: there one dot in front is part of the name
MOST_FILES = 20


class FilesRefused(ValueError):
    """The files cannot be taken; the message says why and what to do."""


@dataclass(frozen=True)
class NewFile:
    name: str
    content: bytes
    content_type: str = "application/octet-stream"
    content_id: str = ""
    inline: bool = False


def clean_name(name: str) -> str:
    """A name that is safe to show and to put in a header: no path, no control or direction characters."""
    last = re.split(r"[/\\]", name)[-1]
    shown = "".join(c for c in last if unicodedata.category(c) not in ("Cc", "Cf", "Zl", "Zp", "Cs"))
    shown = ("." if _HIDDEN.match(shown) else "") + shown.strip(" .")
    if len(shown) > 200:
        stem, dot, ending = shown.rpartition(".")
        shown = f"{stem[:180]}{dot}{ending[:19]}" if stem else shown[:200]
    return shown or "file"


def clean_type(content_type: str) -> str:
    kind = content_type.split(";", maxsplit=1)[0].strip().lower()
    return kind if _TYPE.match(kind) else "application/octet-stream"


def from_uploads(uploads: Iterable["UploadedFile[Any]"]) -> list[NewFile]:
    """Uploaded files, checked against the limits that forms state. Raises FilesRefused."""
    files = list(uploads)
    if len(files) > MOST_FILES:
        text = ngettext(
            "At most %(most)s file fits in one message.", "At most %(most)s files fit in one message.", MOST_FILES
        )
        raise FilesRefused(text % {"most": MOST_FILES})
    check_size(sum(upload.size or 0 for upload in files))
    return [NewFile(upload.name or "", upload.read(), upload.content_type or "") for upload in files]


def check_size(total: int) -> None:
    """Of all files of one message, in bytes. Raises FilesRefused."""
    if total > settings.UPLOAD_LIMIT_BYTES:
        limit = settings.UPLOAD_LIMIT_BYTES // (1024 * 1024)
        raise FilesRefused(
            _("The files are larger than %(limit)s MB in total. Send fewer, or share a link.") % {"limit": limit}
        )


def attach(message: Message, files: Iterable[NewFile]) -> list[Attachment]:
    """Keep the files with the message."""
    return [
        Attachment.objects.create(
            message=message,
            blob=keep(file.content),
            name=clean_name(file.name),
            content_type=clean_type(file.content_type),
            size=len(file.content),
            content_id=file.content_id[:255],
            inline=file.inline,
        )
        for file in files
    ]
