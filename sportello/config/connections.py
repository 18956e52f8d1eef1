"""When is a connection cut? When its reader takes next to nothing for a minute, whatever is being sent to it."""

import asyncio

from uvicorn._types import ASGI3Application
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

STALLED_SECONDS = 60.0  # in which some of what waits has to leave
LEAST_BYTES = 16 * 1024  # so much of it, or all
LAST_SECONDS = 2.5  # for what still leaves when the program ends; uvicorn would say an error for each


class Connection(HttpToolsProtocol):
    """uvicorn's, which would wait for ever for a reader who takes nothing."""

    _watch: asyncio.TimerHandle | None = None
    _last: asyncio.TimerHandle | None = None
    _waiting = 0
    _answering: RequestResponseCycle | None = None

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: ASGI3Application) -> None:
        self._answering = cycle
        super()._start_asgi_task(cycle, app)

    def connection_lost(self, exc: Exception | None) -> None:
        """uvicorn tells only the last of several requests that were sent at once, and the first would write on."""
        self._say_gone()
        for timer in (self._watch, self._last):
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
        super().resume_writing()

    def shutdown(self) -> None:
        super().shutdown()
        self._last = self.loop.call_later(LAST_SECONDS, self._look_a_last_time)

    def _look_later(self) -> None:
        self._waiting = self.transport.get_write_buffer_size()
        self._watch = self.loop.call_later(STALLED_SECONDS, self._look)

    def _look(self) -> None:
        if self._waiting - self.transport.get_write_buffer_size() < LEAST_BYTES:
            self._cut()
        else:
            self._look_later()

    def _look_a_last_time(self) -> None:
        if self.flow.write_paused:
            self._cut()

    def _cut(self) -> None:
        """What is still sent goes nowhere, and nobody is told of a failure: the reader has chosen."""
        self._say_gone()
        self.transport.abort()

    def _say_gone(self) -> None:
        if self._answering and not self._answering.response_complete:
            self._answering.disconnected = True
            self._answering.message_event.set()
