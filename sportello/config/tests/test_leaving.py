"""Does the program end when its work is done, whatever still runs in it?"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

BUSY = """
import django, time
from threading import Event, Thread
django.setup()
from concurrent.futures import ThreadPoolExecutor
from django.db import connection
from sportello.config.leaving import leave, leave_within
ThreadPoolExecutor(1).submit(Event().wait)  # Python would wait for it to end, for ever
"""
KEEPING = """
with connection.cursor() as cursor:
    cursor.execute("create table kept (number integer)")
"""


def ended(code: str, data: Path, **environment: str) -> "subprocess.CompletedProcess[str]":
    named = {"SPORTELLO_DATA": str(data), "SPORTELLO_LOG_FORMAT": "text", **environment}
    command = [sys.executable, "-c", code]
    environment = {**os.environ, **named}
    return subprocess.run(command, check=False, env=environment, capture_output=True, text=True, timeout=60)


@pytest.mark.parametrize("end", ["leave()", "leave_within(0.1); time.sleep(3600)"])
def test_a_thread_that_never_ends_holds_nothing_up(tmp_path: Path, end: str) -> None:
    process = ended(f"{BUSY}\nprint('Stopped.')\n{end}", tmp_path)
    assert (process.returncode, process.stdout) == (0, "Stopped.\n"), process.stderr


@pytest.mark.only_sqlite
def test_the_database_file_is_whole_afterwards(tmp_path: Path) -> None:
    process = ended(f"{BUSY}\n{KEEPING}\nleave()", tmp_path)
    assert process.returncode == 0, process.stderr
    assert (tmp_path / "sportello.sqlite3-wal").stat().st_size == 0
    assert b"create table kept" in (tmp_path / "sportello.sqlite3").read_bytes().lower()
