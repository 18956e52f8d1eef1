"""What has one reader yet to see? Bounded: a reader that is too slow is dropped, the others never wait for it."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable, Sequence
from types import TracebackType
from typing import Self

from sportello.kernel.live.signals import Signal


class Subscription:
    """Signals from the moment it is entered, in one event loop. Ends when left, too slow, or the hub stops."""

    def __init__(self, *, join: Callable[["Subscription"], bool], leave: Callable[["Subscription"], None], limit: int):
        self._join = join
        self._leave = leave
        self._limit = limit
        self._waiting: deque[Signal] = deque()
        self._bell = asyncio.Event()
        self.ended = False
        self.was_too_slow = False

    async def __aenter__(self) -> Self:
        if not self._join(self):
            self.end()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.end()
        self._leave(self)

    def __aiter__(self) -> AsyncIterator[Signal]:
        return self._each()

    async def _each(self) -> AsyncIterator[Signal]:
        while not self.ended:
            for signal in await self.take():
                yield signal

    async def take(self, within: float | None = None) -> list[Signal]:
        """All that waits, as soon as there is any; nothing when it has ended or `within` seconds were too short."""
        if not self._waiting and not self.ended:
            self._bell.clear()
            try:
                async with asyncio.timeout(within):
                    await self._bell.wait()
            except TimeoutError:
                return []
        taken = list(self._waiting)
        self._waiting.clear()
        return taken

    def offer(self, signals: Sequence[Signal]) -> None:
        """Called by the hub, in the subscription's own loop."""
        if self.ended:
            return
        if len(self._waiting) + len(signals) > self._limit:
            self.was_too_slow = True
            self.end()
            return
        self._waiting.extend(signals)
        self._bell.set()

    def end(self) -> None:
        self.ended = True
        self._waiting.clear()
        self._bell.set()
