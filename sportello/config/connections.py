"""Who is connected, and when is a connection cut? One network leaves room for the others, and nobody holds a place
without a word: a request's head is here within seconds, and what is sent is taken within a minute.

Where there is no room, one that lies idle makes it, of the network that holds most.
"""

import asyncio
import resource
from functools import cache
from typing import ClassVar

from django.conf import settings
from uvicorn._types import ASGI3Application
from uvicorn.middleware.proxy_headers import _TrustedHosts
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from sportello.kernel.networks import Room, network_of

MOST = 1000
MOST_OF_ONE = 300  # an office behind one address: each tab of the desk holds a stream
OTHER_FILES = 400  # downloads, bodies and the database want some of what this process may have open
MOST_FILES = 65_536
HEAD_SECONDS = 15.0  # for all of a request's head
HEAD_BYTES = 64 * 1024
NO_ROOM = b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 10\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
STALLED_SECONDS = 60.0  # in which some of what waits has to leave
LEAST_BYTES = 16 * 1024  # so much of it, or all
LAST_SECONDS = 2.5  # for what still leaves when the program ends; uvicorn would say an error for each


connections = Room(most=MOST, most_of_one=MOST_OF_ONE)


def open_as_many_as_allowed() -> None:
    """Many systems begin with 1,024 open files and allow far more to who asks."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY:
        most = MOST_FILES if hard == resource.RLIM_INFINITY else min(hard, MOST_FILES)
        soft = max(soft, most)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        connections.most = min(MOST, max(soft - OTHER_FILES, soft // 2))


class Connection(HttpToolsProtocol):
    """uvicorn's, which would take any number, and wait for ever for a head and for a reader who takes nothing."""

    _idle: ClassVar[dict["Connection", None]] = {}  # between requests; the oldest first
    _network = ""
    _is_let_in = False
    _head: asyncio.TimerHandle | None = None
    _head_bytes = 0
    _watch: asyncio.TimerHandle | None = None
    _last: asyncio.TimerHandle | None = None
    _waiting = 0
    _answering: RequestResponseCycle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn does
        super().connection_made(transport)
        self._network = self._whose()
        self._is_let_in = self._find_room()
        if self._is_let_in:
            self._idle[self] = None
            self._await_head()
        else:
            transport.write(NO_ROOM)
            transport.close()

    def _whose(self) -> str:
        """The network. A proxy of ours brings everybody, so each of its connections counts for itself."""
        host, port = self.client or ("", 0)
        return f"{host} {port}" if host in _our_proxies() else network_of(host)

    def _find_room(self) -> bool:
        if connections.take(self._network):
            return True
        is_full = connections.total >= connections.most
        idle = [one for one in self._idle if is_full or one._network == self._network]
        idle = [one for one in idle if not one.transport.get_write_buffer_size()]
        if idle:
            max(idle, key=lambda one: connections.held_by(one._network))._cut()
        return connections.take(self._network)

    def _leave_room(self) -> None:
        self._idle.pop(self, None)
        if self._is_let_in:
            self._is_let_in = False
            connections.give_back(self._network)

    def data_received(self, data: bytes) -> None:
        if not self._is_let_in:
            return
        super().data_received(data)
        if self._is_between_requests and not self.transport.is_closing():
            self._head_bytes += len(data)
            if self._head_bytes > HEAD_BYTES:
                self._cut()
            elif self._head is None:
                self._await_head()

    @property
    def _is_between_requests(self) -> bool:
        return self.cycle is None or self.cycle.response_complete

    def _await_head(self) -> None:
        self._head = self.loop.call_later(HEAD_SECONDS, self._cut)

    def on_headers_complete(self) -> None:
        if self._head:
            self._head.cancel()
            self._head = None
        self._head_bytes = 0
        self._idle.pop(self, None)
        super().on_headers_complete()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if self._is_let_in and self._is_between_requests:
            self._idle[self] = None
            self._look_anew()

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: ASGI3Application) -> None:
        self._answering = cycle
        if self._watch:
            self._look_anew()
        super()._start_asgi_task(cycle, app)

    def connection_lost(self, exc: Exception | None) -> None:
        """uvicorn tells only the last of several requests that were sent at once, and the first would write on."""
        self._leave_room()
        self._say_gone()
        for timer in (self._head, self._watch, self._last):
            if timer:
                timer.cancel()
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        """More waits than the transport likes."""
        super().pause_writing()
        self._look_later()

    def resume_writing(self) -> None:
        if self._watch:
            self._watch.cancel()
            self._watch = None
        super().resume_writing()

    def shutdown(self) -> None:
        super().shutdown()
        self._last = self.loop.call_later(LAST_SECONDS, self._look_a_last_time)

    def _look_later(self) -> None:
        self._waiting = self.transport.get_write_buffer_size()
        self._watch = self.loop.call_later(STALLED_SECONDS, self._look)

    def _look_anew(self) -> None:
        """The last of an answer stops no writing, and nobody may leave it lying either."""
        if self._watch:
            self._watch.cancel()
            self._watch = None
        if self.transport.get_write_buffer_size():
            self._look_later()

    def _look(self) -> None:
        left = self.transport.get_write_buffer_size()
        if not left:
            self._watch = None
        elif self._waiting - left < LEAST_BYTES:
            self._cut()
        else:
            self._look_later()

    def _look_a_last_time(self) -> None:
        if self.flow.write_paused:
            self._cut()

    def _cut(self) -> None:
        """What is still sent goes nowhere, and nobody is told of a failure: the reader has chosen."""
        self._leave_room()
        self._say_gone()
        self.transport.abort()

    def _say_gone(self) -> None:
        if self._answering and not self._answering.response_complete:
            self._answering.disconnected = True
            self._answering.message_event.set()


@cache
def _our_proxies() -> _TrustedHosts:
    return _TrustedHosts(settings.SPORTELLO_TRUSTED_PROXIES)
