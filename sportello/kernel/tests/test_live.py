"""Does a change reach the subscribers of every process, once it is committed, and only then?"""

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from threading import Thread
from typing import Any, Self

import pytest
from django.db import connection, transaction
from django.utils import timezone

from sportello.kernel.live import MISSED, Hub, Signal, Subscription, publish
from sportello.kernel.live.pruning import prune_signals
from sportello.kernel.models import LiveSignal
from sportello.kernel.tests.running import PATIENCE, wait_until

pytestmark = pytest.mark.django_db(transaction=True)


class ListenerProcess:
    """Another process of this installation; what it hears can be waited for."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "sportello.kernel.tests.listener_process"]
        self._process = subprocess.Popen(
            [*command, str(connection.settings_dict["NAME"])], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.heard: list[tuple[str, dict[str, Any]]] = []
        self.heard_at: list[float] = []
        self._reader = Thread(target=self._read, daemon=True)
        self._reader.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.wait()
        self._reader.join(PATIENCE)
        for stream in (self._process.stdin, self._process.stdout):
            assert stream
            stream.close()

    def wait_for(self, topic: str) -> None:
        wait_until(lambda: any(heard == topic for heard, _ in self.heard))

    def publish(self, topic: str, *, commit: bool = True, **data: Any) -> None:
        assert self._process.stdin
        self._process.stdin.write(json.dumps([topic, data, commit]) + "\n")
        self._process.stdin.flush()

    def _read(self) -> None:
        assert self._process.stdout
        for line in self._process.stdout:
            topic, data = json.loads(line)
            self.heard_at.append(time.monotonic())
            self.heard.append((topic, data))


@contextmanager
def listener_processes(number: int) -> Iterator[list[ListenerProcess]]:
    with ExitStack() as stack:
        listeners = [stack.enter_context(ListenerProcess()) for _ in range(number)]
        for listener in listeners:
            listener.wait_for("ready")
        yield listeners


@contextmanager
def running_hub() -> Iterator[Hub]:
    hub = Hub()
    hub.start()
    try:
        assert hub.wait_until_listening(PATIENCE)
        yield hub
    finally:
        hub.stop()
        assert hub.wait_until_stopped(PATIENCE)


def follow(hub: Hub, act: Callable[[Subscription], Awaitable[None]], *, limit: int = 256) -> None:
    """Run `act` in an event loop of its own, with a subscription of the hub."""

    async def run() -> None:
        async with hub.subscribe(limit=limit) as subscription:
            await asyncio.wait_for(act(subscription), PATIENCE)

    asyncio.run(run())


async def in_thread(call: Callable[..., object], *args: object, **data: object) -> None:
    """Databases are used from threads, not from event loops."""

    def run() -> None:
        try:
            call(*args, **data)
        finally:
            connection.close()

    await asyncio.to_thread(run)


async def collect(subscription: Subscription, number: int) -> list[Signal]:
    found: list[Signal] = []
    while len(found) < number:
        found += await subscription.take(within=PATIENCE)
        assert not subscription.ended
    return found


def test_two_processes_hear_a_commit_within_a_second_and_nothing_of_a_rollback() -> None:
    with listener_processes(2) as listeners:
        with pytest.raises(RuntimeError), transaction.atomic():
            publish("ticket", id=1)
            raise RuntimeError
        with transaction.atomic():
            publish("ticket", id=2)
            with pytest.raises(RuntimeError), transaction.atomic():
                publish("ticket", id=3)
                raise RuntimeError
        committed_at = time.monotonic()
        publish("end", text="fără tranzacție")
        for listener in listeners:
            listener.wait_for("end")
            assert listener.heard[1:] == [("ticket", {"id": 2}), ("end", {"text": "fără tranzacție"})]
        delays = [listener.heard_at[1] - committed_at for listener in listeners]
        assert max(delays) < 1


def test_a_hub_hears_what_another_process_publishes_and_not_what_it_takes_back() -> None:
    with listener_processes(1) as (other,), running_hub() as hub:

        async def act(subscription: Subscription) -> None:
            other.publish("ticket", id=1, commit=False)
            other.publish("ticket", id=2)
            other.publish("ticket", id=3)
            assert await collect(subscription, 2) == [Signal("ticket", {"id": 2}), Signal("ticket", {"id": 3})]

        follow(hub, act)


def test_every_subscriber_hears_everything_in_order() -> None:
    with running_hub() as hub:

        async def act(subscription: Subscription) -> None:
            async with hub.subscribe() as second:
                for number in range(100):
                    await in_thread(publish, "ticket", id=number)
                expected = [Signal("ticket", {"id": number}) for number in range(100)]
                assert await collect(subscription, 100) == expected
                assert await collect(second, 100) == expected

        follow(hub, act)


def test_subscribers_in_several_event_loops_hear_the_same() -> None:
    heard: list[list[Signal]] = []
    with running_hub() as hub:

        async def act(subscription: Subscription) -> None:
            heard.append(await collect(subscription, 1))

        threads = [Thread(target=follow, args=(hub, act), daemon=True) for _ in range(3)]
        for thread in threads:
            thread.start()
        wait_until(lambda: hub.count() == 3)
        publish("ticket", id=1)
        for thread in threads:
            thread.join(PATIENCE)
        assert hub.count() == 0
    assert heard == [[Signal("ticket", {"id": 1})]] * 3


def test_a_slow_reader_is_dropped_and_the_others_hear_on() -> None:
    """B130."""
    with running_hub() as hub:

        async def act(subscription: Subscription) -> None:
            async with hub.subscribe(limit=10) as slow:
                for number in range(11):
                    await in_thread(publish, "ticket", id=number)
                await collect(subscription, 11)
                assert slow.ended
                assert slow.was_too_slow
                assert await slow.take() == []
                assert [signal async for signal in slow] == []
                await in_thread(publish, "still", id=1)
                assert await collect(subscription, 1) == [Signal("still", {"id": 1})]

        follow(hub, act)


def test_a_stopped_hub_ends_its_subscriptions_and_takes_no_more() -> None:
    with running_hub() as hub:

        async def act(subscription: Subscription) -> None:
            waiting = asyncio.create_task(subscription.take())
            await asyncio.sleep(0)
            hub.stop()
            assert await waiting == []
            assert subscription.ended
            assert not subscription.was_too_slow
            async with hub.subscribe() as late:
                assert late.ended
                assert [signal async for signal in late] == []

        follow(hub, act)


def test_a_reader_that_leaves_is_forgotten() -> None:
    with running_hub() as hub:

        async def act(subscription: Subscription) -> None:
            async with hub.subscribe():
                assert hub.count() == 2
            assert hub.count() == 1

        follow(hub, act)
        assert hub.count() == 0


def test_a_loop_that_was_closed_with_readers_in_it_stops_nobody() -> None:
    with running_hub() as hub:
        loop = asyncio.new_event_loop()
        loop.run_until_complete(hub.subscribe().__aenter__())
        loop.close()
        assert hub.count() == 1
        publish("ticket", id=1)
        wait_until(lambda: hub.count() == 0)


def test_starting_twice_is_starting_once() -> None:
    with running_hub() as hub:
        hub.start()

        async def act(subscription: Subscription) -> None:
            await in_thread(publish, "ticket", id=1)
            await in_thread(publish, "end")
            assert await collect(subscription, 2) == [Signal("ticket", {"id": 1}), Signal("end", {})]

        follow(hub, act)


@pytest.mark.only_postgresql
def test_a_hub_that_lost_its_connection_says_so_and_hears_on() -> None:
    with running_hub() as hub:

        async def act(subscription: Subscription) -> None:
            await in_thread(end_connections_that_listen)
            assert await collect(subscription, 1) == [Signal(MISSED, {})]
            await in_thread(publish, "ticket", id=1)
            assert await collect(subscription, 1) == [Signal("ticket", {"id": 1})]

        follow(hub, act)


def end_connections_that_listen() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity "
            "where datname = current_database() and lower(query) like 'listen %%'"
        )
        assert cursor.rowcount == 1


def test_a_signal_carries_ids_and_not_contents() -> None:
    with pytest.raises(ValueError, match="Send ids, not contents"):
        publish("ticket", text="è" * 5_000)
    with transaction.atomic():
        publish("ticket", text="è" * 1_000)


@pytest.mark.only_sqlite
def test_signals_that_everybody_has_read_are_pruned() -> None:
    publish("old")
    LiveSignal.objects.update(sent_at=timezone.now() - timedelta(minutes=11))
    publish("new")
    prune_signals.call()
    assert LiveSignal.objects.get().topic == "new"


@pytest.mark.only_sqlite
def test_pruning_repeats_and_loses_no_signal() -> None:
    with running_hub() as hub:

        async def act(subscription: Subscription) -> None:
            await in_thread(publish, "ticket", id=1)
            await collect(subscription, 1)
            await in_thread(LiveSignal.objects.all().delete)
            await in_thread(publish, "ticket", id=2)
            assert await collect(subscription, 1) == [Signal("ticket", {"id": 2})]

        follow(hub, act)
