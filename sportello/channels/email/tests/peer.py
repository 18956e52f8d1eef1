"""A mail server on loopback that answers as it is told, for the tests of what leaves."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

from sportello.kernel.ports import free_port

KEPT = "250 2.0.0 Kept"


class Peer:
    """`answers` by recipient, `to_sender` and `to_data` for all. `took` holds the recipients of each mail it kept."""

    def __init__(self) -> None:
        self.answers: dict[str, str] = {}
        self.to_sender = self.to_data = KEPT
        self.lets_in = True
        self.took: list[list[str]] = []
        self.contents: list[bytes] = []
        self.port = 0

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, mail_options: list[str]
    ) -> str:
        envelope.mail_from = address
        return self.to_sender

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, rcpt_options: list[str]
    ) -> str:
        answer = self.answers.get(address, KEPT)
        if answer == KEPT:
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self.to_data == KEPT:
            self.took.append([str(address) for address in envelope.rcpt_tos])
            self.contents.append(bytes(envelope.original_content or b""))
        return self.to_data

    def authenticate(self, *_: Any) -> AuthResult:
        return AuthResult(success=self.lets_in, handled=False)

    @property
    def place(self) -> dict[str, Any]:
        """Columns of a mailbox that sends by it."""
        return {"smtp_host": "127.0.0.1", "smtp_port": self.port, "smtp_security": "none"}


@contextmanager
def peer(*, utf8: bool = True) -> Iterator[Peer]:
    told = Peer()
    told.port = free_port("127.0.0.1")
    controller = Controller(
        told,
        hostname="127.0.0.1",
        port=told.port,
        authenticator=told.authenticate,
        auth_require_tls=False,
        enable_SMTPUTF8=utf8,
    )
    controller.start()
    try:
        yield told
    finally:
        controller.stop()
