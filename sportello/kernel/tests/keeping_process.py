"""A process that dies while it keeps a file: `python -m … DATABASE_NAME DATA_FOLDER`."""

import os
import signal
import sys
from collections.abc import Iterator

import django
from django.conf import settings


def main(database: str, data: str) -> None:
    settings.DATABASES["default"]["NAME"] = database
    settings.SPORTELLO_DATA = data
    django.setup()
    from sportello.kernel.files import keep

    keep(chunks())


def chunks() -> Iterator[bytes]:
    yield b"x" * 100_000
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    main(*sys.argv[1:])
