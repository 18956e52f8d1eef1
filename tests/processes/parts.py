"""How does a test get a desk in several processes? A database of its own, and web, worker and intake upon it."""
# ruff: noqa: TID251  it asks them over loopback, as a program or a browser would

import json
import os
import re
import secrets
import signal
import smtplib
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode, urlsplit

import psycopg
from psycopg.rows import dict_row

from sportello.kernel.ports import free_port
from tests.browser.desk import eventually

LOOPBACK = "127.0.0.1"


@contextmanager
def fresh_database() -> Iterator[str]:
    """The address of a new, empty database in the server that the tests run on. It is gone afterwards."""
    server = os.environ["DATABASE_URL"]
    name = f"parts_{secrets.token_hex(4)}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"create database {name}".encode())
        try:
            yield urlsplit(server)._replace(path=f"/{name}").geturl()
        finally:
            connection.execute(f"drop database {name} with (force)".encode())


@dataclass
class Part:
    """One process of the program."""

    process: "subprocess.Popen[bytes]"
    log: Path
    port: int = 0

    @property
    def url(self) -> str:
        return f"http://{LOOPBACK}:{self.port}"

    @property
    def said(self) -> str:
        return self.log.read_text()

    def stop(self, number: int) -> float:
        """Send the signal and wait for the end. Returns how many seconds it took."""
        began = time.monotonic()
        self.process.send_signal(number)  # none is sent to a process that has ended
        self.process.wait(30)
        return time.monotonic() - began


@dataclass
class Installation:
    """What the processes share: the database, the folder and the secret. `start` adds a process."""

    database: str
    data: Path
    parts: list[Part] = field(default_factory=list)

    def run(self, *arguments: str) -> str:
        """A command that ends. Returns what it prints."""
        command = self._command(arguments)
        return subprocess.check_output(command, env=self._environment, timeout=120, text=True).strip()

    def start(self, kind: str, *arguments: str, port: int = 0) -> Part:
        log = self.data / f"{kind}-{len(self.parts)}.log"
        with log.open("wb") as out:
            process = subprocess.Popen(
                self._command([kind, *arguments]), env=self._environment, stdout=out, stderr=subprocess.STDOUT
            )
        self.parts.append(Part(process, log, port))
        return self.parts[-1]

    def start_web(self) -> Part:
        port = free_port(LOOPBACK)
        return self.start("web", "--port", str(port), port=port)

    def start_intake(self) -> Part:
        port = free_port(LOOPBACK)
        return self.start("intake", "--smtp-port", str(port), port=port)

    def start_worker(self) -> Part:
        return self.start("worker")

    def wait_until_up(self, part: Part) -> Part:
        eventually(lambda: self._is_up(part), within=90)
        return part

    def _is_up(self, part: Part) -> bool:
        assert part.process.poll() is None, part.said
        if part.log.name.startswith("web"):
            return answers(f"{part.url}/health/ready/")
        if part.log.name.startswith("intake"):
            return "Taking in mail" in part.said
        return "Working" in part.said

    def stop_all(self) -> None:
        for part in self.parts:
            part.stop(signal.SIGKILL)

    def rows(self, query: str, *values: Any) -> list[dict[str, Any]]:
        """What the database answers, outside of the program."""
        with psycopg.connect(self.database, autocommit=True, row_factory=dict_row) as connection:
            found = connection.execute(query.encode(), values)
            return found.fetchall() if found.description else []

    def one(self, query: str, *values: Any) -> Any:
        (row,) = self.rows(query, *values)
        return next(iter(row.values()))

    def _command(self, arguments: Sequence[str]) -> list[str]:
        return [sys.executable, "-m", "sportello", *arguments]

    @property
    def _environment(self) -> dict[str, str]:
        outer = {k: v for k, v in os.environ.items() if not k.startswith(("SPORTELLO_", "DJANGO_"))}
        return outer | {
            "DATABASE_URL": self.database,
            "SPORTELLO_DATA": str(self.data),
            "SPORTELLO_SECRET_KEY": "of-the-parts-0123456789-0123456789-0123456789-0123456789",
            "SPORTELLO_LOG_FORMAT": "text",
        }


class Browser:
    """Somebody with cookies, at one of the web processes."""

    def __init__(self) -> None:
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))

    def get(self, url: str) -> str:
        with self.opener.open(url, timeout=40) as page:
            return str(page.read().decode())

    def post(self, url: str, **fields: Any) -> str:
        """Fill in the form of that page and send it."""
        found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', self.get(url))
        assert found, url
        data = urlencode({"csrfmiddlewaretoken": found[1], **fields}).encode()
        try:
            with self.opener.open(url, data, timeout=40) as page:
                return str(page.read().decode())
        except HTTPError as refusal:
            with refusal:
                raise AssertionError(refusal.read().decode()) from refusal

    @contextmanager
    def stream(self, url: str) -> Iterator[Iterator[str]]:
        """The lines of a live stream, as they come; TimeoutError after 20 s of silence."""
        asked = urllib.request.Request(url, headers={"Accept": "text/event-stream"})
        with self.opener.open(asked, timeout=40) as answer:
            yield (line.decode().rstrip("\n") for line in iter(answer.readline, b""))


def call(part: Part, token: str, path: str, body: dict[str, Any] | None = None) -> tuple[int, Any]:
    """Ask the API of that process. Returns the status and what it says."""
    data = json.dumps(body).encode() if body is not None else None
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    request = urllib.request.Request(f"{part.url}/api/v1/{path}", data, headers)
    try:
        with urllib.request.urlopen(request, timeout=40) as answer:
            return answer.status, json.loads(answer.read())
    except HTTPError as refusal:
        with refusal:
            return refusal.code, json.loads(refusal.read())


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=40) as page:
            return bool(page.status == 200)
    except OSError:
        return False


def post_all(port: int, mails: Sequence[EmailMessage]) -> None:
    """All in one connection."""
    with smtplib.SMTP(LOOPBACK, port, timeout=40) as server:
        for mail in mails:
            server.send_message(mail)
