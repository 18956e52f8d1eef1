"""Where do mails of a real mailbox go? An SMTP server on loopback that keeps them, and can let a sender wait."""

import asyncio
import threading
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from types import TracebackType
from typing import Any, Self

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from sportello.kernel.ports import free_port


class Provider:
    """To be entered with `with`. `accepted` holds recipient and mail, in the order of their arrival."""

    def __init__(self) -> None:
        self.accepted: list[tuple[str, EmailMessage]] = []
        self.waiting = 0
        self._open = threading.Event()
        self._open.set()
        self._controller = Controller(self, hostname="127.0.0.1", port=free_port("127.0.0.1"))

    @property
    def port(self) -> int:
        return int(self._controller.port)

    def __enter__(self) -> Self:
        self._controller.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.go_on()
        self._controller.stop()

    def hold(self) -> None:
        """From now on every sender waits in the middle of its mail."""
        self._open.clear()

    def go_on(self) -> None:
        self._open.set()

    def sent_to(self, address: str) -> list[EmailMessage]:
        return [mail for recipient, mail in list(self.accepted) if recipient == address]

    def count_to(self, domain: str) -> int:
        return sum(recipient.endswith(f"@{domain}") for recipient, _mail in list(self.accepted))

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self.waiting += 1
        await asyncio.to_thread(self._open.wait, 30)
        self.waiting -= 1
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 Recipient ok"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        mail: Any = message_from_bytes(envelope.original_content or b"", policy=default)
        self.accepted += [(address, mail) for address in envelope.rcpt_tos]
        return "250 2.0.0 Kept"
