"""Does a slow reader cost nobody else anything, and does a file arrive whole?"""

import asyncio
import logging
import os
import socket
import struct
from collections.abc import Iterator
from contextlib import ExitStack
from tempfile import TemporaryFile
from typing import Any

import pytest
from django.http import FileResponse, HttpRequest, HttpResponse
from django.test import Client
from django.urls import path as address
from uvicorn import Config
from uvicorn.server import ServerState

from sportello.config import connections, departures
from sportello.config.asgi import THREADS
from sportello.config.connections import Connection
from sportello.config.departures import files_leaving, links_leaving, pages_leaving
from sportello.config.tests.web import Web, open_web, read_all
from sportello.config.urls import urlpatterns as all_addresses
from sportello.kernel.tests.running import wait_until
from sportello.people.testing import make_agent, make_team
from sportello.tickets import conversation
from sportello.tickets.conversation import Words
from sportello.tickets.files import NewFile
from sportello.tickets.models import Attachment
from sportello.tickets.testing import make_ticket

pytestmark = pytest.mark.django_db(transaction=True)

BYTES = os.urandom(8 * 1024 * 1024)  # more than the kernel takes for a reader who does not read


def large(_request: HttpRequest) -> HttpResponse:
    return HttpResponse(BYTES)


@pytest.fixture
def web() -> Iterator[Web]:
    with open_web() as web:
        yield web


@pytest.fixture
def cookie() -> str:
    team = make_team("Technical")
    agent = make_agent(team)
    client = Client()
    client.force_login(agent)
    ticket = make_ticket(team=team)
    conversation.note(ticket, Words(text="Look.", files=[NewFile("a.bin", BYTES)]), by=agent)
    return f"sessionid={client.cookies['sessionid'].value}"


@pytest.fixture
def path(cookie: str) -> str:
    return f"/desk/files/{Attachment.objects.get().pk}/a.bin"


def test_more_unread_downloads_than_threads_stop_nobody_else(web: Web, cookie: str, path: str) -> None:
    with ExitStack() as readers:
        unread = [readers.enter_context(web.ask(path, 2048, Cookie=cookie)) for _ in range(THREADS + 8)]
        wait_until(lambda: files_leaving.total == len(unread))
        assert web.get("/account/sign-in/")[0] == 200
        assert web.get("/health/ready/")[0] == 200
        assert read_all(unread[0]).endswith(BYTES)  # who does read gets it all
    wait_until(lambda: files_leaving.total == 0)


def test_a_file_arrives_whole_and_says_its_length_also_to_who_takes_gzip(web: Web, cookie: str, path: str) -> None:
    status, headers, body = web.get(path, **{"Cookie": cookie, "Accept-Encoding": "gzip"})
    assert (status, headers["content-length"], body == BYTES) == (200, str(len(BYTES)), True)
    assert "content-encoding" not in headers and "transfer-encoding" not in headers


def test_a_page_is_still_compressed(web: Web) -> None:
    assert web.get("/account/sign-in/", **{"Accept-Encoding": "gzip"})[1]["content-encoding"] == "gzip"


def by_link(_request: HttpRequest) -> FileResponse:
    """As a customer's page gives it to whoever has the link of the mail."""
    file = TemporaryFile()  # noqa: SIM115  the answer closes it
    file.write(BYTES)
    file.seek(0)
    return FileResponse(file)


urlpatterns = [address("large/", large), address("r/a-link/file/", by_link), *all_addresses]


@pytest.fixture
def large_page(settings: object) -> None:
    settings.ROOT_URLCONF = __name__  # type: ignore[attr-defined]  # pytest-django has no type for it


@pytest.mark.usefixtures("large_page")
def test_a_large_page_waits_in_a_file_for_its_reader_and_arrives_whole(
    web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(departures, "MOMENT_SECONDS", 0.05)
    laid_aside: list[int] = []
    lay_aside = departures._laid_aside

    def watched(rest: bytes) -> int:
        laid_aside.append(len(rest))
        return lay_aside(rest)

    monkeypatch.setattr(departures, "_laid_aside", watched)
    assert web.get("/large/")[2] == BYTES
    laid_aside.clear()
    with web.ask("/large/", 2048) as unread:
        wait_until(lambda: laid_aside != [])
        assert pages_leaving.total == len(BYTES) and 0 < laid_aside[0] < len(BYTES)
        assert web.get("/account/sign-in/")[0] == 200
        assert read_all(unread).endswith(BYTES)
    wait_until(lambda: pages_leaving.total == 0)


@pytest.mark.usefixtures("large_page")
def test_large_pages_that_wait_have_room_for_each_network_and_who_finds_none_hears_so(
    web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages_leaving, "most_of_one", len(BYTES))
    with web.ask("/large/", 2048):
        wait_until(lambda: pages_leaving.total == len(BYTES))
        status, headers, _body = web.get("/large/")
        assert (status, headers["retry-after"]) == (503, "10")
        assert web.get("/account/sign-in/")[0] == 200  # small ones need none
    wait_until(lambda: pages_leaving.total == 0)
    assert web.get("/large/")[2] == BYTES


def test_one_network_has_so_many_files_under_way(
    web: Web, cookie: str, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files_leaving, "most_of_one", 1)
    with web.ask(path, 2048, Cookie=cookie):
        wait_until(lambda: files_leaving.total == 1)
        status, headers, _body = web.get(path, Cookie=cookie)
        assert (status, headers["retry-after"]) == (503, "10")
    wait_until(lambda: files_leaving.total == 0)
    assert web.get(path, Cookie=cookie)[0] == 200


@pytest.mark.usefixtures("large_page")
def test_who_has_a_link_from_a_mail_leaves_room_for_those_who_are_signed_in(
    web: Web, cookie: str, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (links_leaving.most, links_leaving.most_of_one, files_leaving.most) == (160, 12, 256)
    monkeypatch.setattr(links_leaving, "most", 3)
    with ExitStack() as readers:
        for _ in range(3):
            readers.enter_context(web.ask("/r/a-link/file/", 2048))
        wait_until(lambda: links_leaving.total == 3 == files_leaving.total)
        assert web.get("/r/a-link/file/")[0] == 503
        assert web.get(path, Cookie=cookie)[2] == BYTES
    wait_until(lambda: links_leaving.total == 0 == files_leaving.total)


def test_who_takes_nothing_is_cut_off(web: Web, cookie: str, path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "STALLED_SECONDS", 0.1)
    with web.ask(path, 2048, Cookie=cookie) as unread:
        wait_until(lambda: files_leaving.total == 1)
        wait_until(lambda: files_leaving.total == 0)
        assert len(read_all(unread)) < len(BYTES)


class SlowTransport(asyncio.Transport):
    """Its reader takes so much between two looks."""

    def __init__(self, *sizes: int) -> None:
        super().__init__()
        self.sizes = list(sizes)
        self.aborted = asyncio.Event()

    def get_write_buffer_size(self) -> int:
        return self.sizes.pop(0)

    def abort(self) -> None:
        self.aborted.set()


def test_who_takes_little_is_waited_for_and_who_takes_next_to_nothing_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "STALLED_SECONDS", 0.001)
    sizes = [200_000, 180_000, 180_000, 160_000, 160_000, 159_999]

    async def watch() -> list[int]:
        config = Config("sportello.config.asgi:application", log_config=None)
        config.load()
        connection, transport = Connection(config, ServerState(), {}), SlowTransport(*sizes)
        connection.connection_made(transport)
        connection.pause_writing()
        async with asyncio.timeout(20):
            await transport.aborted.wait()
        return transport.sizes

    assert asyncio.run(watch()) == []


def hang_up(connection: socket.socket) -> None:
    """At once, with a reset, as somebody who pulls the plug."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def test_who_hangs_up_leaves_no_trace_in_the_log(
    web: Web, cookie: str, path: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        unread = [web.ask(path, 2048, Cookie=cookie) for _ in range(20)]
        wait_until(lambda: files_leaving.total == len(unread))
        for connection in unread:
            hang_up(connection)
        for _ in range(20):
            hang_up(web.ask("/account/sign-in/"))
            hang_up(web.ask("/health/"))
        wait_until(lambda: files_leaving.total == 0)
        assert web.get("/account/sign-in/")[0] == 200
    assert said_at_all(caplog) == []


def test_who_asks_many_times_at_once_and_hangs_up_leaves_no_trace_either(
    web: Web, cookie: str, path: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        many = [web.connect(2048) for _ in range(8)]
        for connection in many:
            asked = f"GET {path} HTTP/1.1\r\nHost: localhost\r\nCookie: {cookie}\r\n\r\n"
            connection.sendall(asked.encode() * 3)
        wait_until(lambda: files_leaving.total == len(many))
        for connection in many:
            connection.close()
        wait_until(lambda: files_leaving.total == 0)
        assert web.get("/account/sign-in/")[0] == 200
    assert said_at_all(caplog) == []


def test_a_stop_cuts_unread_downloads_without_a_trace(
    cookie: str, path: str, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "LAST_SECONDS", 0.1)
    with caplog.at_level(logging.WARNING), open_web() as web, ExitStack() as readers:
        readers.enter_context(web.ask(path, 2048, Cookie=cookie))
        wait_until(lambda: files_leaving.total == 1)
        web.stop()
    assert files_leaving.total == 0
    assert said_at_all(caplog) == []


def said_at_all(caplog: pytest.LogCaptureFixture) -> list[Any]:
    return [record.getMessage() for record in caplog.records]
