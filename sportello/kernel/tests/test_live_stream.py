"""What does a browser get on an open stream, and when does the stream end?"""

import asyncio
from collections.abc import AsyncGenerator, Callable, Coroutine
from typing import Any

import pytest

from sportello.kernel.live import NoLongerAllowed, Signal, Subscription, event_stream
from sportello.kernel.live.stream import as_event
from sportello.kernel.tests.running import PATIENCE

Events = list[tuple[str, Any]]


def make_subscription(*, limit: int = 256) -> Subscription:
    return Subscription(join=lambda _: True, leave=lambda _: None, limit=limit)


def run(scene: Callable[[], Coroutine[Any, Any, None]]) -> None:
    asyncio.run(asyncio.wait_for(scene(), PATIENCE))


async def everything(signals: list[Signal]) -> Events:
    return [(signal.topic, dict(signal.data)) for signal in signals]


async def opened(stream: AsyncGenerator[bytes, None]) -> AsyncGenerator[bytes, None]:
    first = await anext(stream)
    assert first.startswith(b"retry: ")
    assert 2_000 <= int(first.removeprefix(b"retry: ")) < 5_000
    return stream


def test_an_event_has_a_name_and_data_on_lines_of_their_own() -> None:
    assert as_event("ticket", {"id": 7}) == b'event: ticket\ndata: {"id":7}\n\n'
    assert as_event("html", "<p>\r\na\rb\n</p>") == b"event: html\ndata: <p>\ndata: a\ndata: b\ndata: </p>\n\n"
    assert as_event("text", "a\u2028b") == "event: text\ndata: a\u2028b\n\n".encode()
    assert as_event("empty", "") == b"event: empty\ndata: \n\n"


def test_a_burst_is_one_chunk_in_which_each_signal_stands_once() -> None:
    async def scene() -> None:
        subscription = make_subscription()
        stream = await opened(event_stream(subscription, allowed=everything, coalesce=0))
        subscription.offer([Signal("ticket", {"id": 1}), Signal("ticket", {"id": 2}), Signal("ticket", {"id": 1})])
        assert await anext(stream) == as_event("ticket", {"id": 1}) + as_event("ticket", {"id": 2})

    run(scene)


def test_what_follows_shortly_after_is_sent_together() -> None:
    async def scene() -> None:
        subscription = make_subscription()
        stream = await opened(event_stream(subscription, allowed=everything, coalesce=0.05))
        chunk = asyncio.ensure_future(anext(stream))
        subscription.offer([Signal("a")])
        await asyncio.sleep(0)
        subscription.offer([Signal("b")])
        assert await chunk == as_event("a", {}) + as_event("b", {})

    run(scene)


def test_rights_are_those_of_the_moment_of_sending() -> None:
    """B129."""
    visible = {1, 2}

    async def allowed(signals: list[Signal]) -> Events:
        return [("ticket", dict(signal.data)) for signal in signals if signal.data["id"] in visible]

    async def scene() -> None:
        subscription = make_subscription()
        stream = await opened(event_stream(subscription, allowed=allowed, coalesce=0))
        subscription.offer([Signal("ticket", {"id": 1})])
        assert await anext(stream) == as_event("ticket", {"id": 1})
        subscription.offer([Signal("ticket", {"id": 1}), Signal("ticket", {"id": 2})])
        visible.remove(1)
        assert await anext(stream) == as_event("ticket", {"id": 2})

    run(scene)


def test_what_happened_before_is_told_first_and_asked_once_signals_are_heard() -> None:
    async def scene() -> None:
        subscription = make_subscription()

        async def before() -> list[Signal]:
            subscription.offer([Signal("meanwhile")])
            return [Signal("earlier")]

        stream = await opened(event_stream(subscription, allowed=everything, before=before, coalesce=0))
        assert await anext(stream) == as_event("earlier", {})
        assert await anext(stream) == as_event("meanwhile", {})

    run(scene)


def test_silence_is_broken_by_a_comment() -> None:
    async def scene() -> None:
        stream = await opened(event_stream(make_subscription(), allowed=everything, heartbeat=0.01))
        assert [await anext(stream) for _ in range(3)] == [b":\n\n"] * 3

    run(scene)


def test_what_nobody_may_see_is_not_even_a_sign_of_life() -> None:
    async def nothing(_: list[Signal]) -> Events:
        return []

    async def scene() -> None:
        subscription = make_subscription()
        stream = await opened(event_stream(subscription, allowed=nothing, coalesce=0, heartbeat=0.05))
        subscription.offer([Signal("secret")])
        assert await anext(stream) == b":\n\n"

    run(scene)


def test_a_session_that_ended_ends_the_stream() -> None:
    async def ended(_: list[Signal]) -> Events:
        raise NoLongerAllowed

    async def scene() -> None:
        subscription = make_subscription()
        stream = await opened(event_stream(subscription, allowed=ended, coalesce=0))
        subscription.offer([Signal("ticket")])
        assert [chunk async for chunk in stream] == []
        assert subscription.ended

    run(scene)


@pytest.mark.parametrize("reason", ["too slow", "stopped"])
def test_a_stream_ends_with_its_subscription(reason: str) -> None:
    async def scene() -> None:
        subscription = make_subscription(limit=2)
        stream = await opened(event_stream(subscription, allowed=everything))
        if reason == "too slow":
            subscription.offer([Signal("a"), Signal("b"), Signal("c")])
        else:
            subscription.end()
        assert [chunk async for chunk in stream] == []

    run(scene)


def test_a_reader_that_goes_away_is_unsubscribed() -> None:
    left: list[Subscription] = []

    async def scene() -> None:
        subscription = Subscription(join=lambda _: True, leave=left.append, limit=5)
        stream = await opened(event_stream(subscription, allowed=everything))
        waiting = asyncio.ensure_future(anext(stream))
        await asyncio.sleep(0)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        assert left == [subscription]
        assert subscription.ended

    run(scene)
