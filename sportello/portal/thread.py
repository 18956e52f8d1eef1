"""What was said, as the customer may see it? The public thread, our people by their first names."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString, mark_safe

from sportello.kernel.html import from_text
from sportello.people.models import User
from sportello.portal.access import Way
from sportello.tickets.models import Attachment, Message


@dataclass(frozen=True)
class Speaker:
    """Drawn by `avatar`, which must not know more than the customer."""

    pk: int
    name: str

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True)
class File:
    name: str
    size: int
    url: str
    is_image: bool


@dataclass(frozen=True)
class Line:
    """One message. `frame` is the address of its own HTML; without one `body` is all there is."""

    message: Message
    speaker: Speaker
    is_readers: bool
    body: SafeString
    quoted: SafeString
    frame: str
    asks_for_images: bool
    files: list[File]


def messages_of(way: Way) -> list[Message]:
    return list(Message.objects.of_ticket(way.ticket).for_customers().for_thread())


def lines_of(way: Way, messages: Sequence[Message], with_images: str = "") -> list[Line]:
    """`with_images` is the number of the message whose remote pictures the reader wants to see."""
    return [_line(way, message, shows_images=str(message.pk) == with_images) for message in messages]


def _line(way: Way, message: Message, *, shows_images: bool) -> Line:
    frame = way.url("message", message.pk) if message.html else ""
    return Line(
        message=message,
        speaker=_speaker(message.author, ours=not message.incoming),
        is_readers=message.author_id == way.reader.pk,
        body=mark_safe("" if message.html else from_text(message.text)),
        quoted=mark_safe(from_text(message.quoted_text)),
        frame=f"{frame}?images=1" if frame and shows_images else frame,
        asks_for_images=bool(message.remote_images) and not shows_images,
        files=[file_of(way, found) for found in message.files_beside],
    )


def _speaker(author: User, *, ours: bool) -> Speaker:
    return Speaker(author.pk, author.first_name if ours else str(author))


def file_of(way: Way, attachment: Attachment) -> File:
    return File(
        name=attachment.name,
        size=attachment.size,
        url=way.url("file", attachment.pk, attachment.name),
        is_image=attachment.content_type.startswith("image/"),
    )
