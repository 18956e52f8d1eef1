"""Can a stranger fill the log?"""

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
    assert "evil.example" in line and "Traceback" not in line


def test_our_own_failures_keep_their_trace(said: StringIO) -> None:
    try:
        raise ValueError("ours")
    except ValueError:
        logging.getLogger("django.request").exception("Internal Server Error", extra={"status_code": 500})
    assert "Traceback" in said.getvalue()
