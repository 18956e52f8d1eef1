"""What goes down an open connection? Signals as server-sent events, each allowed or not at the moment it is sent."""

import asyncio
import json
import re
from collections.abc import AsyncGenerator, Awaitable, Callable
from secrets import randbelow
from typing import Any

from sportello.kernel.live.signals import Signal
from sportello.kernel.live.subscription import Subscription

COALESCE = 0.2  # seconds that the first signal of a burst waits for others
HEARTBEAT = 15.0  # seconds of silence before a comment proves that the line is alive
RETRY_MS = (2_000, 5_000)  # spread, so that the screens of a restarted server do not all return at once
HEADERS = {
    "Content-Type": "text/event-stream",
    "Content-Encoding": "identity",  # or it would be compressed, and held back until it ends
    "Cache-Control": "no-store",
    "X-Accel-Buffering": "no",
}
HEARTBEAT_COMMENT = b":\n\n"

Allowed = Callable[[list[Signal]], Awaitable[list[tuple[str, Any]]]]
_LINE_END = re.compile(r"\r\n|\r|\n")


class NoLongerAllowed(Exception):
    """Raised by `allowed` when the reader's session has ended: so does the stream."""


async def event_stream(
    subscription: Subscription,
    *,
    allowed: Allowed,
    before: Callable[[], Awaitable[list[Signal]]] | None = None,
    coalesce: float = COALESCE,
    heartbeat: float = HEARTBEAT,
) -> AsyncGenerator[bytes, None]:
    """Server-sent events until the reader leaves, is too slow or no longer allowed, or the hub stops.

    `allowed` is asked at the time of sending. It is given the signals of a burst, each once, and answers with pairs of
    event name and data; text is sent as it is (HTML), anything else as JSON. Of the `missed` signal it decides too.
    `before` is asked once signals are heard: what happened earlier, and the reader does not know of.
    """
    async with subscription:
        first, last = RETRY_MS
        yield f"retry: {first + randbelow(last - first)}\n\n".encode()
        try:
            if before and (signals := await before()) and (told := _told(await allowed(signals))):
                yield told
            while not subscription.ended:
                signals = await subscription.take(within=heartbeat)
                if signals:
                    await asyncio.sleep(coalesce)
                    signals += await subscription.take(within=0)
                    if told := _told(await allowed(_each_once(signals))):
                        yield told
                elif not subscription.ended:
                    yield HEARTBEAT_COMMENT
        except NoLongerAllowed:
            return


def _told(events: list[tuple[str, Any]]) -> bytes:
    return b"".join(as_event(name, data) for name, data in events)


def as_event(name: str, data: Any) -> bytes:
    text = data if isinstance(data, str) else json.dumps(data, separators=(",", ":"))
    lines = "".join(f"data: {line}\n" for line in _LINE_END.split(text))
    return f"event: {name}\n{lines}\n".encode()


def _each_once(signals: list[Signal]) -> list[Signal]:
    unique: list[Signal] = []
    seen: set[str] = set()
    for signal in signals:
        key = json.dumps([signal.topic, signal.data], sort_keys=True)
        if key not in seen:
            seen.add(key)
            unique.append(signal)
    return unique
