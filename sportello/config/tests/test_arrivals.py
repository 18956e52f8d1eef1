"""Does a request cost a thread only when all of it is here, in time and no larger than its address takes?"""

import asyncio
import json
from collections.abc import Sequence
from contextlib import AsyncExitStack, ExitStack
from typing import Any

import pytest

from sportello.api.models import Token
from sportello.api.tokens import issue_token
from sportello.config import arrivals
from sportello.config.arrivals import MB, CutOff, Refused, whole
from sportello.config.asgi import THREADS, application
from sportello.config.callers import is_somebody
from sportello.config.tests.web import open_web
from sportello.kernel.tests.running import wait_until
from sportello.people.models import SignedInSession
from sportello.people.testing import make_agent

GONE = {"type": "http.disconnect"}


def a_scope(path: str, length: int | None = None, method: str = "POST", **headers: str) -> dict[str, Any]:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    if length is not None:
        named["content-length"] = str(length)
    pairs = [(name.encode(), value.encode()) for name, value in named.items()]
    return {"type": "http", "http_version": "1.1", "method": method, "path": path, "raw_path": path.encode(),
            "query_string": b"", "root_path": "", "scheme": "http", "headers": [(b"host", b"localhost"), *pairs],
            "client": ("127.0.0.1", 5), "server": ("127.0.0.1", 80)}  # fmt: skip


class Sender:
    """Sends pieces, then what `end` says: another message, or nothing at all any more."""

    def __init__(self, pieces: Sequence[bytes], *, complete: bool = True, end: Any = None) -> None:
        self.messages = [{"type": "http.request", "body": piece, "more_body": True} for piece in pieces]
        if complete:
            self.messages[-1]["more_body"] = False
        self.end = end

    async def __call__(self) -> Any:
        if self.messages:
            return self.messages.pop(0)
        if self.end is None:
            await asyncio.Event().wait()
        return self.end


class Answer:
    def __init__(self) -> None:
        self.status = 0
        self.headers: dict[bytes, bytes] = {}
        self.body = b""

    async def __call__(self, message: Any) -> None:
        if message["type"] == "http.response.start":
            self.status, self.headers = message["status"], dict(message["headers"])
        else:
            self.body += message.get("body", b"")


async def answer_to(scope: dict[str, Any], receive: Any) -> Answer:
    answer = Answer()
    await application(scope, receive, answer)
    return answer


async def read_all(scope: dict[str, Any], receive: Any) -> tuple[dict[bytes, bytes], bytes]:
    async with whole(scope, receive) as (arrived, again):
        found, more = b"", True
        while more:
            message = await again()
            found, more = found + message["body"], message["more_body"]
        return dict(arrived["headers"]), found


def test_a_body_arrives_as_it_was_sent() -> None:
    content = bytes(range(256)) * 8 * 1024  # 2 MB, so that it lies in a file
    pieces = [content[at : at + 50_000] for at in range(0, len(content), 50_000)]
    scope = a_scope("/requests/new/", len(content))
    assert asyncio.run(read_all(scope, Sender(pieces)))[1] == content
    assert arrivals._held.total == 0


def test_a_body_in_chunks_is_read_too() -> None:
    headers, content = asyncio.run(read_all(a_scope("/find/", transfer_encoding="chunked"), Sender([b"a=", b"1"])))
    assert content == b"a=1"
    assert headers[b"content-length"] == b"3" and b"transfer-encoding" not in headers


@pytest.mark.parametrize("end", [GONE, {"type": "http.request", "body": b"", "more_body": False}])
def test_a_cut_body_is_none(end: Any) -> None:
    with pytest.raises(CutOff):
        asyncio.run(read_all(a_scope("/find/", 5000), Sender([b"body=the+first+half"], complete=False, end=end)))


def test_nobody_hears_of_a_cut_request_and_nothing_is_answered() -> None:
    scope = a_scope("/r/some-token/answer/", 5000, content_type="application/x-www-form-urlencoded")
    answer = asyncio.run(answer_to(scope, Sender([b"body=the+first+half"], complete=False, end=GONE)))
    assert answer.status == 0


def test_who_stops_sending_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arrivals, "STEP_SECONDS", 0.01)
    answer = asyncio.run(answer_to(a_scope("/api/v1/tickets", 1000), Sender([b"{"], complete=False)))
    assert answer.status == 408
    assert answer.headers[b"connection"] == b"close"
    assert json.loads(answer.body)["title"] == "That took too long"


def test_who_sends_a_byte_now_and_then_is_not_waited_for_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arrivals, "WHOLE_SECONDS", 0.05)

    async def drip() -> Any:
        await asyncio.sleep(0)
        return {"type": "http.request", "body": b"x", "more_body": True}

    assert asyncio.run(answer_to(a_scope("/find/", 100_000), drip)).status == 408


def test_requests_that_are_not_here_yet_take_no_thread_from_the_others(transactional_db: None) -> None:
    async def ask() -> Answer:
        waiting = [
            asyncio.create_task(answer_to(a_scope("/api/v1/tickets", 1000), Sender([b"{"], complete=False)))
            for _ in range(THREADS + 4)
        ]
        await asyncio.sleep(0)
        async with asyncio.timeout(60):
            answer = await answer_to(a_scope("/account/sign-in/", method="GET"), Sender([b""]))
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
        return answer

    assert asyncio.run(ask()).status == 200


def test_health_is_answered_without_a_thread() -> None:
    """Nothing here may ask the database, which this test has none of."""
    answer = asyncio.run(answer_to(a_scope("/health/", method="GET"), Sender([b""])))
    assert (answer.status, answer.body) == (200, b'{"status": "ok"}')
    assert asyncio.run(answer_to(a_scope("/health/"), Sender([b""]))).status == 405


SESSION = {"cookie": "a=b; sessionid=abc"}
FILES = {"content_type": "multipart/form-data; boundary=x"}


@pytest.mark.parametrize(
    ("path", "headers", "most"),
    [
        ("/account/sign-in/", FILES, 1),
        ("/desk/live/x/", {}, 1),
        ("/api/v1/tickets", {}, 1),
        ("/api/v1/tickets", {"authorization": "Bearer x"}, 5 + 20 * 4 / 3),
        ("/desk/tickets/7/messages/", {**SESSION, **FILES}, 25),
        ("/desk/tickets/7/messages/", SESSION, 5),
        ("/requests/new/", FILES, 45),
        ("/r/some-token/answer/", FILES, 45),
        ("/r/some-token/answer/more/", FILES, 1),
    ],
)
def test_each_address_takes_so_much(path: str, headers: dict[str, str], most: float) -> None:
    scope = a_scope(path, None, "POST", **headers)
    assert arrivals.most_bytes(scope, dict(scope["headers"])) == int(most * MB)


@pytest.mark.parametrize("length", [2 * MB, None])
def test_more_is_refused_whether_announced_or_not(length: int | None) -> None:
    headers = {} if length else {"transfer_encoding": "chunked"}
    scope = a_scope("/account/sign-in/", length, **headers)
    answer = asyncio.run(answer_to(scope, Sender([b"x" * MB, b"x" * MB])))
    assert answer.status == 413
    assert b"The limit is 1 MB." in answer.body
    assert arrivals._held.total == 0


def test_far_too_much_is_not_waited_for() -> None:
    with pytest.raises(Refused) as refusal:
        asyncio.run(read_all(a_scope("/account/sign-in/", 300 * MB), Sender([b"x"], complete=False)))
    assert refusal.value.status == 413


def some(name: str, length: int, **headers: str) -> tuple[dict[str, Any], Sender]:
    """A form with that much from somebody at that address."""
    scope = {**a_scope("/requests/new/", length, **headers), "client": (name, 5)}
    return scope, Sender([b"x" * length])


async def held_open(room: AsyncExitStack, scope: dict[str, Any], receive: Any) -> None:
    await room.enter_async_context(whole(scope, receive))


async def is_let_in(scope: dict[str, Any], receive: Any) -> bool:
    try:
        async with whole(scope, receive):
            return True
    except Refused as refusal:
        assert refusal.status == 503
        return False


def test_one_network_leaves_room_for_the_others() -> None:
    async def ask() -> list[bool]:
        async with AsyncExitStack() as room:
            for _ in range(3):
                await held_open(room, *some("192.0.2.1", 40 * MB))
            return [await is_let_in(*some(name, 9 * MB)) for name in ("192.0.2.1", "192.0.2.2")]

    assert asyncio.run(ask()) == [False, True]  # of 128 MB for each, 120 are taken
    assert arrivals._held.total == 0


@pytest.fixture
def signed_in(transactional_db: None) -> dict[str, str]:
    """What the browser of somebody who is signed in sends."""
    SignedInSession.objects.create(user=make_agent(), session_key="k" * 32)
    return {"cookie": f"a=b; sessionid={'k' * 32}"}


@pytest.mark.slow
def test_strangers_leave_room_for_those_who_sign_in_and_for_what_is_small(signed_in: dict[str, str]) -> None:
    async def ask() -> list[bool]:
        async with AsyncExitStack() as room:
            for number in range(6):
                await held_open(room, *some(f"192.0.2.{number}", 42 * MB))  # 252 of 256 MB
            return [
                await is_let_in(*some("198.51.100.1", 8 * MB)),
                await is_let_in(*some("198.51.100.1", MB)),
                await is_let_in(*some("198.51.100.1", 8 * MB, **signed_in)),
                await is_let_in(*some("198.51.100.1", 8 * MB, **SESSION)),
                await is_let_in(*some("198.51.100.1", 8 * MB, authorization="Bearer spo_made-up")),
            ]

    assert asyncio.run(ask()) == [False, True, True, False, False]


def test_a_token_in_force_is_believed_and_one_that_is_revoked_is_not(transactional_db: None) -> None:
    agent = make_agent()
    token = issue_token(agent, "Program")
    assert is_somebody({b"authorization": f"Bearer {token}".encode()})
    Token.objects.filter(user=agent).revoke()
    assert not is_somebody({b"authorization": f"Bearer {token}".encode()})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("cookie", b""),
        ("cookie", b"sessionid="),
        ("cookie", b"sessionid=\x00\xff; sessionid"),
        ("authorization", b"Bearer spo_"),
        ("authorization", b"Bearer spo_" + b"x" * 5000),
        ("authorization", b"\x00"),
    ],
)
@pytest.mark.django_db(transaction=True)
def test_nonsense_is_nobody(name: str, value: bytes) -> None:
    assert not is_somebody({name.encode(): value})


def test_nobody_looks_while_there_is_room() -> None:
    """Nothing here may ask the database, which this test has none of."""
    assert asyncio.run(is_let_in(*some("192.0.2.1", 40 * MB, **SESSION)))


@pytest.mark.slow
def test_large_ones_leave_room_for_what_is_small(signed_in: dict[str, str]) -> None:
    async def ask() -> list[bool]:
        async with AsyncExitStack() as room:
            for number in range(10):
                await held_open(room, *some(f"192.0.2.{number}", 44 * MB, **signed_in))  # 440 of 448 MB
            large, small = 9 * MB, MB
            return [await is_let_in(*some("198.51.100.1", length, **signed_in)) for length in (large, small)]

    assert asyncio.run(ask()) == [False, True]


def test_who_is_left_out_hears_when_to_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arrivals._held, "most", 1000)
    answer = asyncio.run(answer_to(a_scope("/find/", 1001), Sender([b"x" * 1001])))
    assert (answer.status, answer.headers[b"retry-after"]) == (503, b"10")
    assert arrivals._held.total == 0


def test_a_byte_now_and_then_is_no_step(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arrivals, "STEP_SECONDS", 0.05)

    async def drip() -> Any:
        await asyncio.sleep(0)
        return {"type": "http.request", "body": b"x", "more_body": True}

    monkeypatch.setattr(arrivals, "STEP_BYTES", 10**9)
    assert asyncio.run(answer_to(a_scope("/find/", 100_000), drip)).status == 408


@pytest.mark.django_db(transaction=True)
def test_those_who_hold_all_the_room_of_their_network_keep_no_note_of_others_out() -> None:
    """The attack of twelve connections, each with a last byte that does not come."""
    with open_web() as web, ExitStack() as strangers:
        for _ in range(12):
            stranger = strangers.enter_context(web.connect())
            stranger.sendall(
                b"POST /requests/new/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n" % (45 * MB)
            )
            stranger.settimeout(0.5)
            try:
                for _ in range(44):
                    stranger.sendall(b"x" * MB)
            except OSError:  # turned away: 503, and the connection closes
                continue
        wait_until(lambda: 80 * MB < arrivals._held.total <= 128 * MB)
        others = a_scope("/api/v1/tickets", 200, authorization="Bearer x") | {"client": ("192.0.2.9", 5)}
        assert asyncio.run(is_let_in(others, Sender([b"x" * 200])))
    wait_until(lambda: arrivals._held.total == 0)
