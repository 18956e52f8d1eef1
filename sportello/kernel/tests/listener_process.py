"""A hub in a process of its own, on the test's database: prints "ready", then each signal as a line of JSON.

`python -m … DATABASE_NAME` on standard input reads lines of JSON and publishes them: [topic, data, commit?].
"""

import asyncio
import json
import sys
import threading

import django
from django.conf import settings


def main(database: str) -> None:
    settings.DATABASES["default"]["NAME"] = database
    django.setup()
    from sportello.kernel.live import Hub

    hub = Hub()
    hub.start()
    threading.Thread(target=publish_what_is_asked, daemon=True).start()
    asyncio.run(print_signals(hub))


async def print_signals(hub: "Hub") -> None:  # type: ignore[name-defined]  # noqa: F821  known only after setup
    async with hub.subscribe() as subscription:
        assert await asyncio.to_thread(hub.wait_until_listening, 30)
        say(["ready", {}])
        async for signal in subscription:
            say([signal.topic, signal.data])


def say(line: object) -> None:
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


def publish_what_is_asked() -> None:
    from django.db import transaction

    from sportello.kernel.live import publish

    for line in sys.stdin:
        topic, data, commit = json.loads(line)
        with transaction.atomic():
            publish(topic, **data)
            transaction.set_rollback(not commit)


if __name__ == "__main__":
    main(*sys.argv[1:])
