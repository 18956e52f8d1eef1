"""A worker as a process of its own, on the test's database: `python -m … DATABASE_NAME LEASE_SECONDS`."""

import signal
import sys
from datetime import timedelta
from threading import Event

import django
from django.conf import settings


def main(database: str, lease_seconds: str) -> None:
    settings.DATABASES["default"]["NAME"] = database
    django.setup()
    from sportello.kernel.jobs import Worker

    stop = Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    Worker(name="process", stop=stop, lease=timedelta(seconds=float(lease_seconds))).run()


if __name__ == "__main__":
    main(*sys.argv[1:])
