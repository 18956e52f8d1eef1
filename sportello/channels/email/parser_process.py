"""How is a mail read without harm? In a child process with limits on time and memory, kept for the next mail.

The child starts on demand, ends by itself when it idles or when its parent is gone, and is replaced after a crash.
It guesses the language too, for what that takes is large and leaves with it.
`python -m sportello.channels.email.parser_process` is the child. On the pipes: eight bytes of length, then the content.
"""

import atexit
import json
import os
import resource
import select
import signal
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from sportello.channels.email import _defects as known
from sportello.channels.email.language import language_of
from sportello.channels.email.parsing import Limits, ParsedMail, Unparseable, parse

_ROOT = Path(__file__).resolve().parents[3]
_LENGTH = struct.Struct(">Q")
_CHUNK = 1024 * 1024
_READY_WITHIN_SECONDS = 60
_FRAMES_AT_MOST = 10_000
_ANY_WORDS = "Words enough to make a guess"


@dataclass(frozen=True, slots=True)
class Budget:
    """What one mail, and one child, may use."""

    cpu_seconds: int = 10
    wall_seconds: float = 30
    memory_bytes: int = 400 * 1024 * 1024  # beyond what it has when it is ready
    mails: int = 500
    idle_seconds: float = 60
    raw_bytes: int = Limits().raw_bytes

    @classmethod
    def for_mails_of(cls, raw_bytes: int) -> "Budget":
        """Larger mails get more of everything."""
        usual = cls()
        times = max(1.0, raw_bytes / usual.raw_bytes)
        return cls(
            cpu_seconds=int(usual.cpu_seconds * times),
            wall_seconds=usual.wall_seconds * times,
            memory_bytes=int(usual.memory_bytes * times),
            raw_bytes=raw_bytes,
        )


def parse_safely(raw: bytes, *, most_bytes: int = Limits().raw_bytes) -> ParsedMail:
    """As `parse`, but the program goes on: raises Unparseable on a time-out, a crash, too much memory."""
    return _reader_for(most_bytes).parse(raw)


class MailReader:
    """One child at a time; threads wait for each other."""

    def __init__(self, budget: Budget | None = None) -> None:
        self.budget = budget or Budget()
        self._lock = threading.Lock()
        self._child: _Child | None = None

    def parse(self, raw: bytes) -> ParsedMail:
        with self._lock:
            child = self._ready_child()
            try:
                return child.parse(raw[: self.budget.raw_bytes + 1])
            except Unparseable:
                raise
            except BaseException as error:
                reason = self._drop(child, error)
                if isinstance(error, (OSError, EOFError, ValueError)):
                    raise Unparseable(reason, detail=repr(error)) from error
                raise

    def _ready_child(self) -> "_Child":
        if self._child and not self._child.is_fresh():
            self._child.end()
            self._child = None
        if self._child is None:
            self._child = _Child(self.budget)
        return self._child

    def _drop(self, child: "_Child", error: BaseException) -> str:
        self._child = None
        status = child.end()
        if isinstance(error, TimeoutError) or status == -signal.SIGXCPU:
            return known.TOO_SLOW
        return known.READER_STOPPED

    def close(self) -> None:
        with self._lock:
            if self._child:
                self._child.end()
                self._child = None


class _Child:
    """The parent's side of one child."""

    def __init__(self, budget: Budget) -> None:
        self.budget = budget
        self.mails = 0
        self.is_ready = False
        self.last_used = time.monotonic()
        limits = f"{budget.cpu_seconds} {budget.memory_bytes} {budget.idle_seconds} {budget.raw_bytes}"
        self.process = subprocess.Popen(  # noqa: S603  (our own interpreter and module)
            [sys.executable, "-m", "sportello.channels.email.parser_process", *limits.split()],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd="/",
            env={"PYTHONPATH": str(_ROOT), "LC_ALL": "C.UTF-8", "OPENBLAS_NUM_THREADS": "1"},
            start_new_session=True,
        )
        pipes = self.process.stdin, self.process.stdout
        self.to_child, self.from_child = (pipe.fileno() for pipe in pipes if pipe)
        os.set_blocking(self.to_child, False)
        os.set_blocking(self.from_child, False)

    def is_fresh(self) -> bool:
        """May it take one more mail? Not shortly before it would go by itself."""
        idle = time.monotonic() - self.last_used
        return self.process.poll() is None and self.mails < self.budget.mails and idle < self.budget.idle_seconds * 0.8

    def parse(self, raw: bytes) -> ParsedMail:
        if not self.is_ready:
            self._receive(time.monotonic() + _READY_WITHIN_SECONDS)
            self.is_ready = True
        deadline = time.monotonic() + self.budget.wall_seconds
        self.mails += 1
        self._send(_LENGTH.pack(len(raw)), deadline)
        self._send(raw, deadline)
        about = json.loads(self._receive(deadline))
        self.last_used = time.monotonic()
        if "reason" in about:
            raise Unparseable(about["reason"], detail=about["detail"])
        if about["files"] > _FRAMES_AT_MOST:
            raise ValueError("too many files")
        contents = [self._receive(deadline) for _ in range(about["files"])]
        return ParsedMail.from_json(about["mail"], contents)

    def _send(self, data: bytes, deadline: float) -> None:
        view = memoryview(data)
        while view:
            _wait(deadline, writes=[self.to_child])
            view = view[os.write(self.to_child, view[:_CHUNK]) :]

    def _receive(self, deadline: float) -> bytes:
        (size,) = _LENGTH.unpack(self._read(_LENGTH.size, deadline))
        if size > self.budget.memory_bytes:
            raise ValueError("too much content")
        return self._read(size, deadline)

    def _read(self, size: int, deadline: float) -> bytes:
        chunks, missing = [], size
        while missing:
            _wait(deadline, reads=[self.from_child])
            chunk = os.read(self.from_child, min(missing, _CHUNK))
            if not chunk:
                raise EOFError("the reader ended")
            chunks.append(chunk)
            missing -= len(chunk)
        return b"".join(chunks)

    def end(self) -> int:
        """Ends the child and returns its status."""
        if self.process.stdin:
            self.process.stdin.close()
        try:
            return self.process.wait(timeout=0.2)
        except subprocess.TimeoutExpired:
            self.process.kill()
            return self.process.wait()
        finally:
            if self.process.stdout:
                self.process.stdout.close()


def _wait(deadline: float, *, reads: Sequence[int] = (), writes: Sequence[int] = ()) -> None:
    remaining = deadline - time.monotonic()
    if remaining <= 0 or not any(select.select(reads, writes, (), remaining)):
        raise TimeoutError("the reader takes too long")


def serve(cpu_seconds: int, memory_bytes: int, idle_seconds: float, raw_bytes: int) -> None:
    """The child: reads mails until the parent is gone or asks nothing for a while."""
    language_of(_ANY_WORDS)  # its library unpacks into a file, and no file may be written later
    for limit, value in (
        (resource.RLIMIT_AS, _size_now() + memory_bytes),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(limit, (value, value))
    _give(_LENGTH.pack(0))
    while select.select([0], [], [], idle_seconds)[0]:
        head = _take(_LENGTH.size)
        if len(head) < _LENGTH.size:
            return
        _allow_cpu(cpu_seconds)
        for frame in _answer(_take(_LENGTH.unpack(head)[0]), Limits(raw_bytes=raw_bytes)):
            _give(_LENGTH.pack(len(frame)))
            _give(frame)


def _size_now() -> int:
    sizes = Path("/proc/self/statm")  # on Linux
    return int(sizes.read_text().split()[0]) * resource.getpagesize() if sizes.exists() else 0


def _allow_cpu(seconds: int) -> None:
    """The limit counts from the start of the process, so each mail raises it."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    used = int(usage.ru_utime + usage.ru_stime) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (used + seconds, resource.RLIM_INFINITY))


def _answer(raw: bytes, limits: Limits) -> list[bytes]:
    try:
        mail = parse(raw, limits)
        mail = replace(mail, guessed_language=language_of(f"{mail.subject}. {mail.text}"))
        about = json.dumps({"mail": mail.as_json(), "files": len(mail.attachments)}).encode()
        return [about, *(attachment.content for attachment in mail.attachments)]
    except Unparseable as error:
        return [_refusal(error.reason, error.detail)]
    except MemoryError:
        return [_refusal(known.TOO_MUCH_MEMORY, "MemoryError")]
    except Exception as error:
        return [_refusal(known.NOT_READ, repr(error)[:500])]


def _refusal(reason: str, detail: str) -> bytes:
    return json.dumps({"reason": reason, "detail": detail}).encode()


def _take(size: int) -> bytes:
    chunks, missing = [], size
    while missing:
        chunk = os.read(0, min(missing, _CHUNK))
        if not chunk:
            break
        chunks.append(chunk)
        missing -= len(chunk)
    return b"".join(chunks)


def _give(data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(1, view[:_CHUNK]) :]


@cache
def _reader_for(most_bytes: int) -> MailReader:
    reader = MailReader(Budget.for_mails_of(most_bytes))
    atexit.register(reader.close)
    return reader


if __name__ == "__main__":
    serve(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]), int(sys.argv[4]))
