"""Who in this process follows along? One hub hears every signal once and hands it to all open streams."""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Callable, Sequence
from threading import Event, RLock, Thread

from sportello.kernel.live.signals import MISSED, Signal
from sportello.kernel.live.sources import Source, open_source
from sportello.kernel.live.subscription import Subscription

RETRY_AFTER = 1.0  # seconds without the database before the next attempt
WAITING_LIMIT = 256  # signals that a reader may be behind before it is dropped

logger = logging.getLogger(__name__)


class Hub:
    """Listens in a thread of its own and hands over to the event loops of its subscribers.

    When the database was lost for a while, subscribers get the signal `missed`: they must look at everything again.
    """

    def __init__(self) -> None:
        self._guard = RLock()  # re-entrant: `stop` may be called by a signal's handler in the middle of `subscribe`
        self._members: dict[asyncio.AbstractEventLoop, set[Subscription]] = defaultdict(set)
        self._stopping = Event()
        self._listening = Event()
        self._thread: Thread | None = None

    def start(self) -> None:
        """Begin to listen, in the background: the database may be away. Starting twice is starting once."""
        with self._guard:
            if self._thread is None and not self._stopping.is_set():
                self._thread = Thread(target=self._listen, name="live-hub", daemon=True)
                self._thread.start()

    def stop(self) -> None:
        """End all streams now, for good. Does not block, so a server may call it as soon as it is told to stop."""
        self._stopping.set()
        with self._guard:
            loops = list(self._members)
        for loop in loops:
            self._in_loop(loop, self._end_all)

    def wait_until_listening(self, within: float) -> bool:
        return self._listening.wait(within)

    def wait_until_stopped(self, within: float) -> bool:
        if self._thread is not None:
            self._thread.join(within)
        return self._thread is None or not self._thread.is_alive()

    def subscribe(self, *, limit: int = WAITING_LIMIT) -> Subscription:
        """To be entered with `async with`. It is dropped when more than `limit` signals wait for it."""
        return Subscription(join=self._join, leave=self._leave, limit=limit)

    def count(self) -> int:
        with self._guard:
            return sum(len(members) for members in self._members.values())

    def _join(self, subscription: Subscription) -> bool:
        with self._guard:
            if self._stopping.is_set():
                return False
            self._members[asyncio.get_running_loop()].add(subscription)
            return True

    def _leave(self, subscription: Subscription) -> None:
        loop = asyncio.get_running_loop()
        with self._guard:
            self._members[loop].discard(subscription)
            if not self._members[loop]:
                del self._members[loop]

    def _listen(self) -> None:
        been_away = False
        while not self._stopping.is_set():
            try:
                self._follow(open_source(), been_away=been_away)
            except Exception as error:  # whatever it is, the screens of this process depend on this thread
                if self._listening.is_set() or not been_away:
                    logger.warning("Live updates wait for the database: %s", error)
                been_away = True
                self._listening.clear()
                self._stopping.wait(RETRY_AFTER)

    def _follow(self, source: Source, *, been_away: bool) -> None:
        try:
            self._listening.set()
            if been_away:
                self._hand_over([Signal(MISSED)])
            while not self._stopping.is_set():
                if signals := source.read():
                    self._hand_over(signals)
        finally:
            source.close()

    def _hand_over(self, signals: Sequence[Signal]) -> None:
        with self._guard:
            loops = list(self._members)
        for loop in loops:
            self._in_loop(loop, self._offer_all, signals)

    def _in_loop(self, loop: asyncio.AbstractEventLoop, call: Callable[..., None], *arguments: object) -> None:
        try:
            loop.call_soon_threadsafe(call, loop, *arguments)
        except RuntimeError:  # the loop was closed with subscriptions left in it
            with self._guard:
                self._members.pop(loop, None)

    def _members_of(self, loop: asyncio.AbstractEventLoop) -> list[Subscription]:
        with self._guard:
            return list(self._members.get(loop, ()))

    def _offer_all(self, loop: asyncio.AbstractEventLoop, signals: Sequence[Signal]) -> None:
        for subscription in self._members_of(loop):
            subscription.offer(signals)

    def _end_all(self, loop: asyncio.AbstractEventLoop) -> None:
        for subscription in self._members_of(loop):
            subscription.end()


the_hub = Hub()
