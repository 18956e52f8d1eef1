"""How does our own SMTP door take mail? It says yes only after the bytes are kept, and knows only our mailboxes."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import SpooledTemporaryFile
from typing import Any

import structlog
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.conf import settings
from django.db import close_old_connections

from sportello.channels.email.models import InboundMail, Mailbox
from sportello.channels.email.reception import Arrival, take_in
from sportello.channels.email.smtp_conversation import Conversation
from sportello.kernel.networks import Room
from sportello.kernel.ports import free_port

MB = 1024 * 1024
MOST_RECIPIENTS = 100
IDLE_SECONDS = 120  # for the next command, and for the next piece of a mail
READ_AT_ONCE = 2  # mails on their way from that file into the store: each is in memory then
NO_ADDRESS = "553 5.1.3 That is no address"  # bytes that are no text, which no database keeps, and control characters
log = structlog.get_logger(__name__)


class Door:
    """aiosmtpd's hooks. Database work runs in threads, so that one slow disk holds up no other sender."""

    def __init__(self) -> None:
        self.connections = Room(most=200, most_of_one=50)
        self.idle: dict[Conversation, None] = {}
        self.room = Room(most=512 * MB, most_of_one=256 * MB)
        self._reading = asyncio.Semaphore(READ_AT_ONCE)

    async def handle_MAIL(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, mail_options: list[str]
    ) -> str:
        if not address.isprintable():
            return NO_ADDRESS
        envelope.mail_from = address
        envelope.mail_options.extend(mail_options)
        return "250 2.1.0 Sender ok"

    async def handle_RCPT(  # noqa: N802  aiosmtpd names it and gives these
        self, server: SMTP, session: Session, envelope: Envelope, address: str, rcpt_options: list[str]
    ) -> str:
        if len(envelope.rcpt_tos) >= MOST_RECIPIENTS:
            return "452 4.5.3 Too many recipients"
        if not address.isprintable():
            return NO_ADDRESS
        try:
            known = await asyncio.to_thread(_is_ours, address)
        except Exception:
            log.exception("recipient could not be looked up")
            return "451 4.3.0 Try again later"
        if not known:
            return "550 5.1.1 No such mailbox here"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 Recipient ok"

    async def keep(self, envelope: Envelope, file: "SpooledTemporaryFile[bytes]") -> str:
        try:
            async with self._reading:
                number = await asyncio.to_thread(_keep, envelope, file)
        except Exception:
            log.exception("mail could not be kept")
            return "451 4.3.0 It could not be stored, try again later"
        return f"250 2.6.0 Kept as {number}"

    async def handle_VRFY(self, *_: Any) -> str:  # noqa: N802
        return "252 2.1.5 Send some mail, we will see"


@contextmanager
def _lent_connection() -> Iterator[None]:
    """Threads come and go, and must not keep one each."""
    close_old_connections()
    try:
        yield
    finally:
        close_old_connections()


@_lent_connection()
def _is_ours(address: str) -> bool:
    return Mailbox.objects.at([address]).exists()


@_lent_connection()
def _keep(envelope: Envelope, file: "SpooledTemporaryFile[bytes]") -> str:
    """Take the mail in once for each of our mailboxes that it names."""
    file.seek(0)
    raw = file.read()
    recipients = [str(address) for address in envelope.rcpt_tos]
    arrivals = [
        take_in(
            mailbox,
            Arrival(
                raw=raw,
                source=InboundMail.Source.SMTP,
                source_key=_unique_key(),
                envelope_from=envelope.mail_from or "",
                envelope_to=recipients,
            ),
        )
        for mailbox in Mailbox.objects.at(recipients).select_related("team")
    ]
    return ", ".join(str(mail.pk) for mail in arrivals)


def _unique_key() -> str:
    """Each SMTP transaction is a mail of its own; a repeated one is recognised when it is read."""
    from uuid import uuid4

    return uuid4().hex


class Doorway(Controller):
    handler: Door

    def factory(self) -> Conversation:
        return Conversation(self.handler, **self.SMTP_kwargs)


class Intake:
    """The SMTP door as a thread of this process. Port 0 takes a free one."""

    def __init__(self, host: str, port: int) -> None:
        self.controller = Doorway(
            Door(),
            hostname=host,
            port=port or free_port(host),
            data_size_limit=settings.MAIL_LIMIT_BYTES,
            enable_SMTPUTF8=True,
            decode_data=False,
            timeout=IDLE_SECONDS,
            ident="Sportello",
        )

    def start(self) -> None:
        """Raises OSError when the port is taken."""
        self.controller.start()

    @property
    def port(self) -> int:
        return int(self.controller.port)

    def stop(self) -> None:
        self.controller.stop(no_assert=True)
