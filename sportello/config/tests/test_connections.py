"""Do strangers who say nothing leave the door open for others?"""

import socket
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from sportello.config import connections as doors
from sportello.config.connections import connections
from sportello.config.tests.web import LOOPBACK, Web, open_web, read_all, read_answer
from sportello.kernel.tests.running import wait_until

pytestmark = pytest.mark.django_db(transaction=True)

HEALTH = b"GET /health/ HTTP/1.1\r\nHost: localhost\r\n\r\n"
HALF = b"GET /desk/ HTTP/1.1\r\nHost: localhost\r\nX-A: "


@pytest.fixture
def web() -> Iterator[Web]:
    wait_until(lambda: connections.total == 0)
    with open_web() as web:
        yield web


def from_network(web: Web, number: int) -> socket.socket:
    """All of 127/8 is this machine."""
    return socket.create_connection((LOOPBACK, web.port), timeout=20, source_address=(f"127.0.8.{number}", 0))


def silent(web: Web, number: int, said: bytes = b"") -> socket.socket:
    before = connections.total
    connection = from_network(web, number)
    connection.sendall(said)
    wait_until(lambda: connections.total > before)
    return connection


def is_cut(connection: socket.socket) -> bool:
    try:
        return read_all(connection) == b""
    except ConnectionResetError:
        return True


def test_there_is_room_for_an_office_and_no_network_takes_all_of_it(web: Web) -> None:
    assert (connections.most, connections.most_of_one) == (1000, 300)


@pytest.mark.parametrize("said", [b"", HALF, b"\r\n"])
def test_who_sends_no_whole_head_is_cut(web: Web, monkeypatch: pytest.MonkeyPatch, said: bytes) -> None:
    monkeypatch.setattr(doors, "HEAD_SECONDS", 0.1)
    with silent(web, 1, said) as stranger:
        assert is_cut(stranger)
    wait_until(lambda: connections.total == 0)


def test_a_second_request_has_to_come_whole_too(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doors, "HEAD_SECONDS", 0.1)
    with from_network(web, 1) as stranger:
        stranger.sendall(HEALTH)
        assert stranger.recv(15) == b"HTTP/1.1 200 OK"
        stranger.sendall(HALF)
        read_all(stranger)
    wait_until(lambda: connections.total == 0)


def test_a_head_has_an_end(web: Web) -> None:
    with silent(web, 1, HALF) as stranger, pytest.raises(OSError):
        while True:
            stranger.sendall(b"x" * 65536)


def test_who_holds_the_share_of_a_network_and_says_nothing_makes_room_for_who_asks(
    web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "most_of_one", 3)
    with ExitStack() as strangers:
        held = [strangers.enter_context(silent(web, 1, HALF)) for _ in range(3)]
        with from_network(web, 1) as asking:
            asking.sendall(HEALTH.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"))
            assert read_answer(asking)[0] == 200
        assert is_cut(held[0])
        assert connections.total <= 3


def test_a_full_house_drops_the_idle_of_the_network_that_holds_most(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "most", 4)
    with ExitStack() as strangers:
        alone = strangers.enter_context(silent(web, 1))
        held = [strangers.enter_context(silent(web, 2)) for _ in range(3)]
        assert web.get("/health/")[0] == 200
        assert is_cut(held[0])
        alone.sendall(HEALTH)
        assert alone.recv(15) == b"HTTP/1.1 200 OK"


def test_where_nobody_is_idle_who_comes_is_told_to_come_back(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "most", 1)
    with from_network(web, 1) as sending:
        sending.sendall(b"POST /find/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n")
        wait_until(lambda: connections.total == 1 and not doors.Connection._idle)
        with from_network(web, 2) as asking:
            status, headers, _body = read_answer(asking)
        assert (status, headers["retry-after"]) == (503, "10")
    wait_until(lambda: connections.total == 0)
    assert web.get("/health/")[0] == 200


def test_a_trusted_proxy_brings_everybody(web: Web, monkeypatch: pytest.MonkeyPatch, settings: object) -> None:
    settings.SPORTELLO_TRUSTED_PROXIES = ["127.0.8.0/24"]  # type: ignore[attr-defined]  # a setting of our own
    monkeypatch.setattr(connections, "most_of_one", 1)
    doors._our_proxies.cache_clear()
    try:
        with silent(web, 1) as one, silent(web, 1) as other:
            for brought in (one, other):
                brought.sendall(HEALTH)
                assert brought.recv(15) == b"HTTP/1.1 200 OK"
    finally:
        doors._our_proxies.cache_clear()


def test_the_last_of_an_answer_is_taken_in_time_too(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    """Less than the transport minds waits for this reader."""
    monkeypatch.setattr(doors, "STALLED_SECONDS", 0.1)
    with web.connect(2048) as unread:
        page = b"GET /account/sign-in/ HTTP/1.1\r\nHost: localhost\r\n\r\n"
        asked = 0
        unread.settimeout(0.2)
        try:
            while asked < 20_000:
                asked += unread.send(page * 20)
        except OSError:
            pass
        wait_until(lambda: connections.total == 0)
