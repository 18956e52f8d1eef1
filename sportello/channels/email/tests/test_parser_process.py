"""Does a mail that hangs, crashes or swells hurt only itself? These tests start the real child."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from sportello.channels.email import parser_process
from sportello.channels.email.parser_process import Budget, MailReader
from sportello.channels.email.parsing import Unparseable
from sportello.channels.email.tests.samples import multipart, raw_mail

PNG = "Content-Type: application/octet-stream; name={}\nContent-Transfer-Encoding: base64\n\nAAEC"


@pytest.fixture
def reader() -> Iterator[MailReader]:
    made = MailReader()
    yield made
    made.close()


def pid_of(reader: MailReader) -> int:
    assert reader._child is not None
    return reader._child.process.pid


def wait_until(condition: object, seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while not condition():  # type: ignore[operator]  # a plain callable
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_a_mail_comes_back_whole_with_its_files(reader: MailReader) -> None:
    mail = reader.parse(
        multipart("Content-Type: text/plain; charset=utf-8\n\nGrüße", PNG.format("a.bin"), PNG.format("b.bin"))
    )
    assert mail.text == "Grüße"
    assert [(a.filename, a.content) for a in mail.attachments] == [
        ("a.bin", b"\x00\x01\x02"),
        ("b.bin", b"\x00\x01\x02"),
    ]


def test_the_child_is_kept_for_the_next_mail(reader: MailReader) -> None:
    reader.parse(raw_mail())
    first = pid_of(reader)
    reader.parse(raw_mail())
    assert pid_of(reader) == first


def test_what_cannot_be_shown_says_why(reader: MailReader) -> None:
    with pytest.raises(Unparseable) as error:
        reader.parse(b"\r\n")
    assert error.value.reason == "The mail is empty."
    assert reader.parse(raw_mail()).subject == "Printer"


def test_many_threads_get_their_own_mails(reader: MailReader) -> None:
    wrong: list[int] = []

    def work(number: int) -> None:
        for _ in range(20):
            if reader.parse(raw_mail(f"Subject: {number}", "x" * number * 1000)).subject != str(number):
                wrong.append(number)

    threads = [threading.Thread(target=work, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def test_a_child_that_dies_is_replaced(reader: MailReader) -> None:
    reader.parse(raw_mail())
    os.kill(pid_of(reader), signal.SIGKILL)
    wait_until(lambda: reader._child is not None and reader._child.process.poll() is not None)
    assert reader.parse(raw_mail()).subject == "Printer"


def test_a_child_that_stands_still_is_given_up() -> None:
    reader = MailReader(Budget(wall_seconds=0.5))
    try:
        wait_until(lambda: _reads(reader))
        os.kill(pid_of(reader), signal.SIGSTOP)
        with pytest.raises(Unparseable) as error:
            reader.parse(raw_mail("", "x" * 1_000_000))
        assert error.value.reason == "The mail took too long to read."
        wait_until(lambda: _reads(reader))
    finally:
        reader.close()


def _reads(reader: MailReader) -> bool:
    """On a busy machine the child itself may need longer to start than the budget of the test."""
    try:
        return reader.parse(raw_mail()).subject == "Printer"
    except Unparseable:
        return False


def test_a_mail_that_needs_too_much_time_is_given_up() -> None:
    reader = MailReader(Budget(cpu_seconds=0))
    try:
        with pytest.raises(Unparseable) as error:
            for _ in range(50):
                reader.parse(raw_mail("Content-Type: text/html", "<p>x</p>" * 1_000_000))
        assert error.value.reason == "The mail took too long to read."
    finally:
        reader.close()


def test_a_mail_that_needs_too_much_memory_is_given_up() -> None:
    reader = MailReader(Budget(memory_bytes=60 * 1024 * 1024))
    try:
        with pytest.raises(Unparseable) as error:
            reader.parse(raw_mail("Content-Transfer-Encoding: base64", "QUJD" * 10_000_000))
        assert error.value.reason in (
            "The mail needs too much memory to read.",
            "Reading this mail stopped the program that reads.",
        )
        assert reader.parse(raw_mail()).subject == "Printer"
    finally:
        reader.close()


def test_e67_a_mail_of_150_megabytes_is_read_up_to_the_limit(reader: MailReader) -> None:
    head = raw_mail(
        "Content-Type: multipart/mixed; boundary=x",
        "--x\n\nHello\n--x\nContent-Transfer-Encoding: base64\nContent-Type: image/png\n\n",
    )
    mail = reader.parse(head + (b"QUJD" * 19 + b"\r\n") * 2_000_000)
    assert mail.text == "Hello"
    assert mail.attachments == () and mail.left_out == ("attachment-1.png",)
    assert "The mail is very large; only its beginning was read." in mail.defects
    peak = next(
        line for line in Path(f"/proc/{pid_of(reader)}/status").read_text().splitlines() if line.startswith("VmHWM")
    )
    assert int(peak.split()[1]) < 400_000


def test_the_child_is_renewed_after_its_number_of_mails() -> None:
    reader = MailReader(Budget(mails=2))
    try:
        reader.parse(raw_mail())
        first = pid_of(reader)
        reader.parse(raw_mail())
        reader.parse(raw_mail())
        assert pid_of(reader) != first
    finally:
        reader.close()


def test_an_idle_child_goes_by_itself_and_the_next_mail_is_read() -> None:
    reader = MailReader(Budget(idle_seconds=0.2))
    try:
        reader.parse(raw_mail())
        process = reader._child.process if reader._child else None
        assert process is not None
        wait_until(lambda: process.poll() is not None)
        assert process.returncode == 0
        assert reader.parse(raw_mail()).subject == "Printer"
    finally:
        reader.close()


def test_the_child_goes_with_its_parent() -> None:
    code = (
        "from sportello.channels.email.parser_process import MailReader\n"
        "import os, sys\n"
        "reader = MailReader()\n"
        "reader.parse(b'Subject: x\\n\\nHi')\n"
        "print(reader._child.process.pid, flush=True)\n"
        "os.kill(os.getpid(), 9)\n"
    )
    root = Path(parser_process.__file__).parents[3]
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=root, check=False)
    child = Path(f"/proc/{int(done.stdout)}")
    wait_until(lambda: not child.exists() or "State:\tZ" in (child / "status").read_text())


def test_the_child_is_small_and_loads_no_framework(reader: MailReader) -> None:
    reader.parse(raw_mail())
    status = Path(f"/proc/{pid_of(reader)}/status").read_text()
    resident = next(line for line in status.splitlines() if line.startswith("VmRSS"))
    assert int(resident.split()[1]) < 140_000  # most of it to guess languages
    loaded = "import sys, sportello.channels.email.parser_process; sys.exit(any(n.split('.')[0] == 'django' for n in sys.modules))"
    root = Path(parser_process.__file__).parents[3]
    assert subprocess.run([sys.executable, "-c", loaded], cwd=root, check=False).returncode == 0


def test_the_child_knows_no_secret_of_the_program(reader: MailReader) -> None:
    reader.parse(raw_mail())
    names = {
        entry.split(b"=")[0] for entry in Path(f"/proc/{pid_of(reader)}/environ").read_bytes().split(b"\0") if entry
    }
    assert names == {b"PYTHONPATH", b"LC_ALL", b"OPENBLAS_NUM_THREADS"}


def test_the_child_guesses_the_language_so_that_nobody_else_keeps_what_it_takes(reader: MailReader) -> None:
    mail = reader.parse(raw_mail("", "La caldaia del primo piano non parte e le camere sono fredde."))
    assert mail.guessed_language == "it"
    assert "py3langid" not in sys.modules
