"""Has a request arrived whole, in time, and no larger than its address takes? Only then it is worth a thread."""

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from tempfile import SpooledTemporaryFile
from typing import Any

from django.conf import settings

from sportello.api.bodies import largest_body
from sportello.config.callers import is_somebody
from sportello.config.memory import give_back_soon
from sportello.kernel.networks import Room, network_of
from sportello.kernel.numbers import row_number

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]

MB = 1024 * 1024
STRANGERS_MOST = MB  # for whom nothing vouches, where no files are asked for
SMALL = MB  # a form, a note: what everybody sends
IN_MEMORY = 64 * 1024  # of one body; more lies in a temporary file
LEFT_FOR_SMALL = 64 * MB  # of the room for all
LEFT_BY_STRANGERS = 256 * MB  # for those who are signed in, and for what is small
LET_GO = 4  # a body is read up to so many times its limit and thrown away: a browser hears no answer before
PIECE = 64 * 1024
STEP_SECONDS = 10.0  # until so much more of it has to come, or its end
STEP_BYTES = 16 * 1024
WHOLE_SECONDS = 300.0  # for all of it
SENDS_FILES = re.compile(r"/requests/new/|/requests/\d+/(answer|solution)/|/r/[^/]+/(answer|solution)/")


class Refused(Exception):
    """It is answered with `status`, and no view hears of it."""

    def __init__(self, status: int, limit: int = 0) -> None:
        super().__init__(status)
        self.status = status
        self.limit = limit


class CutOff(Exception):
    """Whoever sent it has gone: there is nobody to answer, and half a form is none."""


# bytes of all bodies that arrive or are read at this moment
_held = Room(most=512 * MB, most_of_one=128 * MB)


@dataclass
class _Body:
    most: int
    network: str
    headers: dict[bytes, bytes]
    file: "SpooledTemporaryFile[bytes]"
    length: int = 0
    held: int = 0
    is_known: bool | None = None  # whether somebody here sends it; None: nobody has looked

    @property
    def is_too_large(self) -> bool:
        return self.length > self.most

    async def take(self, piece: bytes) -> None:
        """Raises Refused, OSError where the disk is full."""
        self.length += len(piece)
        if self.is_too_large:
            self.let_go()
            if self.length > self.most * LET_GO:
                raise Refused(413, self.most)
            return
        if not await self._has_room_for(len(piece)):
            raise Refused(503)
        self.held += len(piece)
        self.file.write(piece)

    async def _has_room_for(self, amount: int) -> bool:
        """Who says who they are is believed after a look, and nobody looks while there is room for strangers too."""
        if self.length <= SMALL:
            return _held.take(self.network, amount)
        if _held.take(self.network, amount, leaving=LEFT_BY_STRANGERS):
            return True
        if not _held.has_room(self.network, amount, leaving=LEFT_FOR_SMALL):
            return False
        if self.is_known is None:
            self.is_known = _says_who(self.headers) and await asyncio.to_thread(is_somebody, self.headers)
        return self.is_known and _held.take(self.network, amount, leaving=LEFT_FOR_SMALL)

    def let_go(self) -> None:
        _held.give_back(self.network, self.held)
        self.held = 0
        self.file.seek(0)
        self.file.truncate()


@asynccontextmanager
async def whole(scope: Scope, receive: Receive) -> AsyncIterator[tuple[Scope, Receive]]:
    """The request with its body here already, as often as it is read. Raises Refused, CutOff, OSError."""
    headers = dict(scope["headers"])
    if not ({b"content-length", b"transfer-encoding"} & headers.keys()):
        yield scope, receive
        return
    with SpooledTemporaryFile(max_size=IN_MEMORY) as file:
        network = network_of((scope.get("client") or ("",))[0])
        body = _Body(most_bytes(scope, headers), network, headers, file)
        try:
            await _gather(body, receive, row_number(headers.get(b"content-length", b"").decode("latin-1")))
            yield _with_length(scope, body.length), _again(body, receive)
        finally:
            body.let_go()
            if body.length > SMALL:
                give_back_soon(body.length)


def most_bytes(scope: Scope, headers: dict[bytes, bytes]) -> int:
    """Files are for addresses that ask for them and for those who are signed in, or say that they are."""
    path: str = scope["path"]
    form: int = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    if path.startswith("/api/"):
        return largest_body() if b"authorization" in headers else STRANGERS_MOST
    if SENDS_FILES.fullmatch(path):
        return settings.UPLOAD_LIMIT_BYTES * 2 + form  # its page says what is too large and keeps the words
    if not _has_session(headers):
        return STRANGERS_MOST
    with_files = headers.get(b"content-type", b"").lower().startswith(b"multipart/form-data")
    return settings.UPLOAD_LIMIT_BYTES + form if with_files else form


def _has_session(headers: dict[bytes, bytes]) -> bool:
    return f"{settings.SESSION_COOKIE_NAME}=".encode() in headers.get(b"cookie", b"")


def _says_who(headers: dict[bytes, bytes]) -> bool:
    return b"authorization" in headers or _has_session(headers)


async def _gather(body: _Body, receive: Receive, announced: int | None) -> None:
    if announced is not None and announced > body.most * LET_GO:
        raise Refused(413, body.most)
    try:
        async with asyncio.timeout(WHOLE_SECONDS):
            more = True
            while more:
                async with asyncio.timeout(STEP_SECONDS):
                    more = await _step(body, receive)
    except TimeoutError as error:
        raise Refused(408) from error
    if body.is_too_large:
        raise Refused(413, body.most)
    if announced is not None and body.length != announced:
        raise CutOff
    body.file.seek(0)


async def _step(body: _Body, receive: Receive) -> bool:
    """Returns whether more is to come. A byte now and then is no step."""
    before = body.length
    more = True
    while more and body.length - before < STEP_BYTES:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise CutOff
        await body.take(message.get("body", b""))
        more = message.get("more_body", False)
    return more


def _with_length(scope: Scope, length: int) -> Scope:
    """A body in chunks announces no length, and without one Django reads none of it."""
    others = [header for header in scope["headers"] if header[0] not in (b"content-length", b"transfer-encoding")]
    return {**scope, "headers": [*others, (b"content-length", str(length).encode())]}


def _again(body: _Body, receive: Receive) -> Receive:
    """The pieces from our own file, then whatever comes of the connection."""
    left = body.length
    said_all = False

    async def replay() -> Message:
        nonlocal left, said_all
        if said_all:
            return await receive()
        piece = body.file.read(PIECE)
        left -= len(piece)
        said_all = left <= 0
        return {"type": "http.request", "body": piece, "more_body": not said_all}

    return replay
