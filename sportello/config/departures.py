"""How does an answer leave when its reader is slow? From the event loop: the pool's thread hands it over and is free.

A page is a few messages that lie in memory anyway. What a reader does not take of a large one within a moment waits in
a file. A file is handed over open (`wsgi.file_wrapper`) and read here, a piece at a time, as fast as its reader takes
it. `connections.py` cuts off the reader who takes nothing.
"""

import asyncio
import os
from collections.abc import Awaitable, Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from tempfile import TemporaryFile
from typing import BinaryIO

from django.http import HttpResponse

from sportello.config.arrivals import MB, CutOff, Message, Receive, Refused, Scope
from sportello.config.memory import give_back_soon
from sportello.kernel.networks import Room, network_of

Send = Callable[[Message], Awaitable[None]]

DEPARTURE = "sportello.departure"  # its place in the scope
PIECE = 64 * 1024
MOMENT_SECONDS = 0.5  # for all of a large page; what is left then waits in a file
files_leaving = Room(most=256, most_of_one=64)  # each is a file and a connection that stay open
BY_LINK = "/r/"  # in a mail: whoever has it has said no name
LINKS_MOST_OF_ONE = 12  # files of one network, two browsers' worth
LEFT_BY_LINKS = 96  # for those who are signed in
links_leaving = Room(most=files_leaving.most - LEFT_BY_LINKS, most_of_one=LINKS_MOST_OF_ONE)
pages_leaving = Room(most=256 * MB, most_of_one=64 * MB)  # bytes of those above a piece


class Departure:
    """The pool sends into it and never waits; `leave` sends it on."""

    def __init__(self, scope: Scope) -> None:
        self._network = network_of((scope.get("client") or ("",))[0])
        self._is_by_link = scope["path"].startswith(BY_LINK)
        self._messages: list[Message] = []
        self._length = 0
        self._file: int | None = None
        self._offset = 0

    async def take(self, message: Message) -> None:
        self._messages.append(message)
        self._length += len(message.get("body", b""))

    def take_file(self, file: BinaryIO, _block_size: int) -> "HandedOver":
        """WSGI's `file_wrapper`, called in the thread. Ours is a handle of its own: the thread closes the other one."""
        self._offset = file.tell()
        self._file = os.dup(file.fileno())
        return HandedOver(file)

    async def leave(self, receive: Receive, send: Send) -> None:
        """Raises Refused before anything is sent."""
        if self._file is not None:
            with self._place_by_link(), self._place(files_leaving, 1):
                start, end = self._messages
                await send(start)
                await self._send_file(self._file, receive, send)
                await send(end)
        elif self._length > PIECE:
            with self._place(pages_leaving, self._length):
                await self._send_large(receive, send)
        else:
            for message in self._messages:
                await send(message)

    @contextmanager
    def _place(self, room: Room, amount: int) -> Iterator[None]:
        """A place among those who leave."""
        if not room.take(self._network, amount):
            raise Refused(503)
        try:
            yield
        finally:
            room.give_back(self._network, amount)
            give_back_soon(self._length or PIECE)

    def _place_by_link(self) -> AbstractContextManager[None]:
        return self._place(links_leaving, 1) if self._is_by_link else nullcontext()

    async def _send_large(self, receive: Receive, send: Send) -> None:
        start, *messages = self._messages
        self._messages = []
        page = b"".join(message["body"] for message in messages)
        del messages
        await send(start)
        sent = 0
        try:
            async with asyncio.timeout(MOMENT_SECONDS):
                while sent < len(page):
                    await send(_piece(page[sent : sent + PIECE]))
                    sent += PIECE
        except TimeoutError:
            try:
                self._file = await asyncio.to_thread(_laid_aside, page[sent:])
            except OSError as error:  # half of it has left: there is no other answer any more
                raise CutOff from error
            del page
            await self._send_file(self._file, receive, send)
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _send_file(self, file: int, receive: Receive, send: Send) -> None:
        gone = asyncio.create_task(_until_gone(receive))
        try:
            while not gone.done():
                piece = await asyncio.to_thread(os.pread, file, PIECE, self._offset)
                if not piece:
                    return
                self._offset += len(piece)
                await send(_piece(piece))
        finally:
            gone.cancel()

    def close(self) -> None:
        if self._file is not None:
            os.close(self._file)


class Page:
    """It lets go of its content at the end: Django's request and response hold each other for a while longer."""

    def __init__(self, answer: HttpResponse) -> None:
        self._answer = answer

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._answer)

    def close(self) -> None:
        self._answer.close()
        self._answer.content = b""


class HandedOver:
    """What the pool has left to say of a file: nothing."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def __iter__(self) -> Iterator[bytes]:
        return iter(())

    def close(self) -> None:
        self._file.close()


def _piece(body: bytes) -> Message:
    return {"type": "http.response.body", "body": body, "more_body": True}


def _laid_aside(rest: bytes) -> int:
    """A file without a name, open; it is gone when it is closed."""
    with TemporaryFile(buffering=0) as file:
        file.write(rest)
        return os.dup(file.fileno())


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
