"""Can a stranger fill the log?"""

import errno
import logging
from collections.abc import Iterator
from io import StringIO

import pytest
import structlog
from django.test import Client


@pytest.fixture
def said() -> Iterator[StringIO]:
    """What goes to the log from now on."""
    (ours,) = [
        handler
        for handler in logging.getLogger().handlers
        if isinstance(handler, logging.StreamHandler)
        and isinstance(handler.formatter, structlog.stdlib.ProcessorFormatter)
    ]
    before = ours.setStream(text := StringIO())
    yield text
    ours.setStream(before)


@pytest.mark.django_db
def test_what_we_refuse_is_one_line(said: StringIO) -> None:
    assert Client().get("/account/sign-in/", headers={"host": "evil.example"}).status_code == 400
    (line,) = said.getvalue().splitlines()
    assert "evil.example" in line and "Traceback" not in line and "ALLOWED_HOSTS" not in line
    assert "name it in SPORTELLO_HOSTS" in line
    assert "warning" in line and "error" not in line


def test_our_own_failures_keep_their_trace(said: StringIO) -> None:
    try:
        raise ValueError("ours")
    except ValueError:
        logging.getLogger("django.request").exception("Internal Server Error", extra={"status_code": 500})
    assert "Traceback" in said.getvalue()


def test_too_many_open_files_is_one_line_a_minute(said: StringIO) -> None:
    for _ in range(1000):
        try:
            raise OSError(errno.EMFILE, "Too many open files")
        except OSError:
            logging.getLogger("asyncio").exception("socket.accept() out of system resource")
    logging.getLogger("asyncio").error("another")
    first, another = said.getvalue().splitlines()
    assert "out of system resource" in first and "another" in another
