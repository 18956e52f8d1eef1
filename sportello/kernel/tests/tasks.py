"""The tasks that the tests of the queue enqueue. What they did is seen in `NOTES`, in a file, or in a table."""

import os
import sys
import threading
from collections import defaultdict
from datetime import timedelta
from pathlib import Path

from django.utils import translation
from django_tasks import task

from sportello.kernel.jobs import Later

NOTES: list[str] = []
GATES: defaultdict[str, threading.Event] = defaultdict(threading.Event)


@task
def note(text: str) -> None:
    NOTES.append(text)


@task
def do_nothing() -> None: ...


@task(max_attempts=3, first_delay=timedelta(minutes=1))
def fail(text: str) -> None:
    NOTES.append(text)
    raise ValueError(text)


@task
def fail_as_usual() -> None:
    raise ValueError("no luck")


@task(max_attempts=1)
def leave_the_program() -> None:
    sys.exit("enough")


@task
def come_back_in(seconds: float) -> None:
    NOTES.append(f"in {seconds}")
    raise Later(seconds)


@task
def chain(length: int) -> None:
    NOTES.append(str(length))
    if length > 1:
        chain.enqueue(length - 1)


@task
def wait_for(gate: str) -> None:
    NOTES.append(f"waiting for {gate}")
    assert GATES[gate].wait(30)
    NOTES.append(f"after {gate}")


@task
def speak(language: str) -> None:
    NOTES.append(translation.get_language())
    translation.activate(language)


@task
def append_to(path: str, text: str) -> None:
    with Path(path).open("a") as file:
        file.write(f"{text}\n")


@task
def hang_the_first_time(path: str) -> None:
    first = not Path(path).exists()
    append_to.func(path, str(os.getpid()))
    if first:
        threading.Event().wait(60)
