"""How does an answer leave when its reader is slow? From the event loop: the pool's thread hands it over and is free.

A page is a few messages that lie in memory anyway. A file is handed over open (`wsgi.file_wrapper`) and read here, a
piece at a time, as fast as its reader takes it. `connections.py` cuts off the reader who takes nothing.
"""

import asyncio
import os
from collections.abc import Awaitable, Callable, Iterator
from typing import BinaryIO

from sportello.config.arrivals import Message, Receive, Refused, Scope
from sportello.kernel.networks import Room, network_of

Send = Callable[[Message], Awaitable[None]]

DEPARTURE = "sportello.departure"  # its place in the scope
PIECE = 64 * 1024
files_leaving = Room(most=256, most_of_one=64)  # each is a file and a connection that stay open


class Departure:
    """The pool sends into it and never waits; `leave` sends it on."""

    def __init__(self, scope: Scope) -> None:
        self._network = network_of((scope.get("client") or ("",))[0])
        self._messages: list[Message] = []
        self._file: int | None = None
        self._offset = 0

    async def take(self, message: Message) -> None:
        self._messages.append(message)

    def take_file(self, file: BinaryIO, _block_size: int) -> "HandedOver":
        """WSGI's `file_wrapper`, called in the thread. Ours is a handle of its own: the thread closes the other one."""
        self._offset = file.tell()
        self._file = os.dup(file.fileno())
        return HandedOver(file)

    async def leave(self, receive: Receive, send: Send) -> None:
        """Raises Refused before anything is sent."""
        if self._file is None:
            for message in self._messages:
                await send(message)
            return
        if not files_leaving.take(self._network):
            raise Refused(503)
        try:
            start, end = self._messages
            await send(start)
            await self._send_file(self._file, receive, send)
            await send(end)
        finally:
            files_leaving.give_back(self._network)

    async def _send_file(self, file: int, receive: Receive, send: Send) -> None:
        gone = asyncio.create_task(_until_gone(receive))
        try:
            while not gone.done():
                piece = await asyncio.to_thread(os.pread, file, PIECE, self._offset)
                if not piece:
                    return
                self._offset += len(piece)
                await send({"type": "http.response.body", "body": piece, "more_body": True})
        finally:
            gone.cancel()

    def close(self) -> None:
        if self._file is not None:
            os.close(self._file)


class HandedOver:
    """What the pool has left to say of a file: nothing."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def __iter__(self) -> Iterator[bytes]:
        return iter(())

    def close(self) -> None:
        self._file.close()


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
