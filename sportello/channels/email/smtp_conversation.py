"""How does a mail come through our SMTP door, however long its lines are, and however many send at once?

Through a temporary file. What all senders together hold is counted, and one network leaves room for the others; who
finds none is asked to try again later (RFC 5321 4.2.2: 421 and 452), which mail servers do. A conversation is for mail:
one that brings none ends, and in a full room it makes place for who comes.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import SpooledTemporaryFile
from typing import Protocol

import structlog
from aiosmtpd.smtp import SMTP, Envelope, syntax

from sportello.kernel.networks import Room, network_of

STEP_BYTES = 64 * 1024  # of a mail: so much has to come before the connection is idle
MAIL_SECONDS = 30 * 60  # for all of one mail
TALK_SECONDS = 5 * 60  # from the greeting, or the mail before, until a mail begins
MOST_ANSWERS = 50  # in the same time, beside those to recipients
IN_MEMORY = 64 * 1024  # of one mail; more lies in a temporary file
log = structlog.get_logger(__name__)


class Keeper(Protocol):
    """Who keeps the mail, and how much may arrive at a time."""

    connections: Room
    idle: "dict[Conversation, None]"  # who is here and sends no mail at this moment; the oldest first
    room: Room  # bytes of the mails that arrive at this moment

    async def keep(self, envelope: Envelope, file: "SpooledTemporaryFile[bytes]") -> str:
        """Returns the answer to the sender."""


class Arriving:
    """A mail between DATA and its dot. Once something is wrong with it, the rest is read and thrown away."""

    def __init__(self, file: "SpooledTemporaryFile[bytes]", most: int, room: Room, network: str) -> None:
        self.file = file
        self.length = 0
        self.refusal = ""
        self._most = most
        self._room = room
        self._network = network
        self._held = 0

    def take(self, piece: bytes) -> None:
        self.length += len(piece)
        if self.refusal:
            return
        if self.length > self._most:
            self._refuse("552 5.3.4 The mail is too large")
        elif not self._room.take(self._network, len(piece)):
            self._refuse("452 4.3.1 Too much mail arrives at this moment, try again later")
        else:
            self._held += len(piece)
            self._write(piece)

    def _write(self, piece: bytes) -> None:
        try:
            self.file.write(piece)
        except OSError:
            log.exception("mail could not be kept while it arrived")
            self._refuse("451 4.3.0 It could not be stored, try again later")

    def _refuse(self, answer: str) -> None:
        self.refusal = answer
        self.give_room_back()
        self.file.seek(0)
        self.file.truncate()

    def give_room_back(self) -> None:
        self._room.give_back(self._network, self._held)
        self._held = 0


class Conversation(SMTP):
    """aiosmtpd's, which would keep a mail in memory and refuse lines of more than 1,001 bytes."""

    line_length_limit = 64 * 1024  # how much of a line is read at once; a command has its own limit of 512
    event_handler: Keeper
    _is_let_in = False
    _answers = 0
    _patience: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._network = network_of((transport.get_extra_info("peername") or ("",))[0])
        self._is_let_in = self._find_room()
        super().connection_made(transport)
        if self._is_let_in:
            self._await_mail()

    def connection_lost(self, error: Exception | None) -> None:
        self._leave_room()
        super().connection_lost(error)

    def _find_room(self) -> bool:
        """A full room drops the oldest that is idle, of the network that holds most."""
        room, idle = self.event_handler.connections, self.event_handler.idle
        if room.total >= room.most and idle:
            max(idle, key=lambda one: room.held_by(one._network))._end("421 4.7.0 Others wait, try again later")
        return room.take(self._network)

    def _leave_room(self) -> None:
        self._await_no_more()
        if self._is_let_in:
            self._is_let_in = False
            self.event_handler.connections.give_back(self._network)

    def _await_mail(self) -> None:
        self._patience = self.loop.call_later(TALK_SECONDS, self._end, "421 4.4.2 No mail came, try again later")
        self.event_handler.idle[self] = None

    def _await_no_more(self) -> None:
        self.event_handler.idle.pop(self, None)
        if self._patience:
            self._patience.cancel()
            self._patience = None

    def _end(self, answer: str) -> None:
        self._leave_room()
        if self.transport:
            self._writer.write(answer.encode() + b"\r\n")
            self.transport.close()

    async def push(self, status: str | bytes) -> None:
        """One for each command; the lines before the last of an answer have a hyphen (RFC 5321 4.2.1)."""
        line = status if isinstance(status, bytes) else status.encode()
        self._answers += not line.startswith((b"250-", b"250 2.1.5 "))
        if self._is_let_in and self._answers > MOST_ANSWERS:
            self._end("421 4.7.0 Many commands and no mail, try again later")
        else:
            await super().push(line)

    async def _handle_client(self) -> None:
        if self._is_let_in:
            await super()._handle_client()
        else:
            await self._leave("421 4.7.0 Too many connections, try again later")

    async def _leave(self, answer: str) -> None:
        await self.push(answer)
        if self.transport:
            self.transport.close()

    @syntax("DATA")
    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802  aiosmtpd finds it by this name
        if await self.check_helo_needed():
            return
        envelope = self.envelope
        if envelope is None or not envelope.rcpt_tos:
            await self.push("503 5.5.1 Error: need RCPT command")
            return
        if arg:
            await self.push("501 5.5.4 Syntax: DATA")
            return
        await self.push("354 End data with <CR><LF>.<CR><LF>")
        self._await_no_more()
        with self._arriving() as mail:
            try:
                async with asyncio.timeout(MAIL_SECONDS):
                    await self._read_into(mail)
            except TimeoutError:
                await self._leave("421 4.4.2 That took too long")
                return
            status = mail.refusal or await self.event_handler.keep(envelope, mail.file)
        self.envelope = self._create_envelope()
        if status.startswith("250"):
            self._answers = 0
        if self._is_let_in:
            self._await_mail()
        await self.push(status)

    @contextmanager
    def _arriving(self) -> Iterator[Arriving]:
        with SpooledTemporaryFile(max_size=IN_MEMORY) as file:
            mail = Arriving(file, self.data_size_limit or 0, self.event_handler.room, self._network)
            try:
                yield mail
            finally:  # the file is closed and not emptied: a thread may be about to read it
                mail.give_room_back()

    async def _read_into(self, mail: Arriving) -> None:
        """Up to the line that is a dot; another dot at the beginning of a line goes (RFC 5321 4.5.2)."""
        begins_line = True
        step = STEP_BYTES
        while (piece := await self._read_piece()) != b".\r\n" or not begins_line:
            mail.take(piece[1:] if begins_line and piece.startswith(b".") else piece)
            begins_line = piece.endswith(b"\r\n")
            if mail.length >= step:
                step = mail.length + STEP_BYTES
                self._reset_timeout()

    async def _read_piece(self) -> bytes:
        """A line, or what has come of a very long one, which never ends in the middle of a line's end."""
        try:
            return bytes(await self._reader.readuntil(b"\r\n"))
        except asyncio.LimitOverrunError as more:
            return bytes(await self._reader.read(more.consumed))
