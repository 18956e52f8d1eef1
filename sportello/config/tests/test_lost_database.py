"""How long does a request wait for a PostgreSQL that is away, and how soon does it notice that it is back?"""

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Thread
from typing import Any

import pytest
from django.db import OperationalError, connections

from sportello.kernel.ports import free_port

pytestmark = [pytest.mark.only_postgresql, pytest.mark.django_db, pytest.mark.slow]
PATIENCE = 10  # seconds


@contextmanager
def way_to_the_server(port: int) -> Iterator[None]:
    """Whoever connects to the port comes to the server of the tests."""
    there = (connections["default"].settings_dict["HOST"], int(connections["default"].settings_dict["PORT"]))
    with socket.create_server(("127.0.0.1", port)) as door:
        Thread(target=_let_in, args=(door, there), daemon=True).start()
        yield


def _let_in(door: socket.socket, there: tuple[str, int]) -> None:
    while True:
        try:
            caller, _address = door.accept()
        except OSError:
            return
        server = socket.create_connection(there)
        for source, target in ((caller, server), (server, caller)):
            Thread(target=_carry, args=(source, target), daemon=True).start()


def _carry(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError), source, target:  # the one that ends first closes both
        while data := source.recv(65536):
            target.sendall(data)


def test_a_request_waits_for_seconds_and_the_next_one_finds_the_server_that_came_back() -> None:
    port = free_port("127.0.0.1")
    ours: Any = connections["default"]
    away = type(ours)({**ours.settings_dict, "HOST": "127.0.0.1", "PORT": port}, alias="away")
    try:
        begun = time.monotonic()
        with pytest.raises(OperationalError):
            away.ensure_connection()
        assert time.monotonic() - begun < PATIENCE
        with way_to_the_server(port):
            begun = time.monotonic()
            away.ensure_connection()
            assert time.monotonic() - begun < PATIENCE
            away.close()
    finally:
        away.close_pool()
