"""How does a test get a whole desk of its own? A process of `sportello run` on loopback, and what to ask of it."""

import json
import os
import signal
import smtplib
import subprocess
import sys
import time
import urllib.request  # noqa: TID251  loopback only
from collections.abc import Callable
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import IO, Any, TypeVar

PATIENCE = 20.0
T = TypeVar("T")


def eventually(look: Callable[[], T], *, within: float = PATIENCE) -> T:
    """The first answer that is not empty; AssertionError when it stays empty."""
    until = time.monotonic() + within
    while not (found := look()):
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.1)
    return found


@dataclass
class Desk:
    data: Path
    environment: dict[str, str] = field(default_factory=dict)
    arguments: tuple[str, ...] = ()
    process: subprocess.Popen[bytes] | None = None
    about: dict[str, Any] = field(default_factory=dict)

    def open(self) -> "Desk":
        environment = {k: v for k, v in os.environ.items() if not k.startswith(("SPORTELLO_", "DJANGO_"))}
        with (self.data / "out.log").open("ab") as log:
            self.process = self._start(environment | self.environment, log)
        self.about = eventually(self._note, within=60)
        return self

    def _start(self, environment: dict[str, str], log: IO[bytes]) -> subprocess.Popen[bytes]:
        command = [
            sys.executable,
            "-m",
            "sportello",
            "run",
            "--data",
            str(self.data),
            "--port",
            "0",
            "--smtp-port",
            "0",
        ]
        return subprocess.Popen(
            [*command, *self.arguments],
            env=environment,
            stdout=log,
            stderr=subprocess.STDOUT,
        )

    def _note(self) -> dict[str, Any]:
        assert self.process and self.process.poll() is None, (self.data / "out.log").read_text()[-3000:]
        note = self.data / "run.json"
        try:
            found: dict[str, Any] = json.loads(note.read_text())
        except (OSError, ValueError):
            return {}
        return found

    def close(self, number: int = signal.SIGINT) -> float:
        """Ctrl-C, or another signal. Returns how many seconds it took."""
        assert self.process
        began = time.monotonic()
        self.process.send_signal(number)
        self.process.wait(15)
        return time.monotonic() - began

    @property
    def url(self) -> str:
        return str(self.about["url"])

    def login(self, role: str) -> dict[str, str]:
        found: dict[str, str] = next(who for who in self.about["logins"] if who["role"] == role)
        return found

    def api(self, path: str, body: dict[str, Any] | None = None, *, method: str | None = None) -> Any:
        """GET, or POST where there is a body, unless told."""
        raw = self.fetch(f"/api/v1/{path}", body, method=method)
        return json.loads(raw)

    def fetch(self, path: str, body: dict[str, Any] | None = None, *, method: str | None = None) -> bytes:
        data = json.dumps(body).encode() if body is not None else None
        request = urllib.request.Request(self.url + path, data=data, method=method)  # noqa: TID251  loopback only
        request.add_header("Authorization", f"Bearer {self.about['token']}")
        request.add_header("Content-Type", "application/json")
        with urllib.request.urlopen(request, timeout=20) as answer:  # noqa: TID251  loopback only
            return bytes(answer.read())

    def post_mail(self, mail: EmailMessage) -> None:
        with smtplib.SMTP("127.0.0.1", int(self.about["smtp_port"]), timeout=20) as server:
            server.send_message(mail)

    def sent_to(self, address: str, containing: str = "") -> list[EmailMessage]:
        """What went into the sink for this address, newest first."""
        found = []
        for row in self.api("mail/sink?limit=100")["items"]:
            if address in row["recipients"]:
                mail = message_from_bytes(self.fetch(f"/api/v1/mail/sink/{row['id']}/source"), policy=default)
                assert isinstance(mail, EmailMessage)
                if containing in text_of(mail):
                    found.append(mail)
        return found


def memory_of(process: "subprocess.Popen[bytes]") -> int:
    """Bytes of it that are in memory."""
    (line,) = [one for one in Path(f"/proc/{process.pid}/status").read_text().splitlines() if one.startswith("VmRSS")]
    return int(line.split()[1]) * 1024


def text_of(mail: EmailMessage) -> str:
    part = mail.get_body(("plain",))
    return str(part.get_content()) if part else ""


def a_mail(sender: str, to: str, subject: str, text: str, **headers: str) -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, to, subject
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(text)
    return mail
