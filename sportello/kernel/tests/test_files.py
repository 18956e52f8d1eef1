"""Are kept bytes there for good, once, in full, for nobody else's eyes and under no name of a stranger?"""

import hashlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.db import connection, transaction

from sportello.kernel.files import UNFINISHED, UNFINISHED_FOR, keep, open_blob, read, remove_unfinished_files
from sportello.kernel.models import Blob
from sportello.kernel.tests.running import Threads

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def files(settings: LazySettings, tmp_path: Path) -> Path:
    settings.SPORTELLO_DATA = tmp_path / "data"
    return tmp_path / "data" / "files"


def stored(files: Path) -> list[Path]:
    return sorted(path for path in files.rglob("*") if path.is_file())


@pytest.mark.parametrize("content", [b"", b"x", b"hello \x00\xff" * 100_000])
def test_what_is_kept_can_be_read(content: bytes) -> None:
    blob = keep(content)
    assert (blob.sha256, blob.size) == (hashlib.sha256(content).hexdigest(), len(content))
    assert read(Blob.objects.get()) == content
    with open_blob(blob) as file:
        assert file.read(5) == content[:5]


def test_content_may_come_in_pieces() -> None:
    assert keep(chunk for chunk in (b"hel", b"", b"lo")) == keep(b"hello")
    assert Blob.objects.count() == 1


def test_the_same_bytes_are_kept_once(files: Path) -> None:
    assert keep(b"hello") == keep(b"hello")
    assert len(stored(files)) == 1


def test_bytes_lie_under_their_hash_for_our_eyes_only(files: Path) -> None:
    sha256 = keep(b"hello").sha256
    assert stored(files) == [files / sha256[:2] / sha256[2:4] / sha256]
    assert (files / sha256[:2] / sha256[2:4] / sha256).stat().st_mode & 0o777 == 0o600
    for folder in (files, files / sha256[:2], files / sha256[:2] / sha256[2:4]):
        assert folder.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "/etc/passwd", "", "A" * 64, "a" * 63, "a" * 64 + "\n", "a/" * 32]
)
def test_nothing_but_a_hash_becomes_a_path(name: str) -> None:
    with pytest.raises(ValueError, match="SHA-256"):
        open_blob(Blob(sha256=name, size=1))


def test_the_file_is_there_before_the_row_is_committed_and_outlives_a_rollback(files: Path) -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        keep(b"hello")
        assert stored(files)[0].read_bytes() == b"hello"
        raise RuntimeError
    assert not Blob.objects.exists()
    assert read(keep(b"hello")) == b"hello"
    assert len(stored(files)) == 1


def test_a_source_that_breaks_off_leaves_nothing(files: Path) -> None:
    def broken() -> Iterator[bytes]:
        yield b"half"
        raise OSError("the line went dead")

    with pytest.raises(OSError, match="dead"):
        keep(broken())
    assert stored(files) == []
    assert not Blob.objects.exists()


def test_a_process_that_dies_leaves_no_half_file_with_a_name(files: Path) -> None:
    command = [sys.executable, "-m", "sportello.kernel.tests.keeping_process"]
    arguments = [str(connection.settings_dict["NAME"]), str(files.parent)]
    assert subprocess.run([*command, *arguments], check=False).returncode == -signal.SIGKILL
    assert not Blob.objects.exists()
    (half,) = stored(files)
    assert half.name.startswith(UNFINISHED)
    remove_unfinished_files.call()
    assert stored(files) == [half]
    os.utime(half, (half.stat().st_atime, half.stat().st_mtime - UNFINISHED_FOR - 1))
    kept = keep(b"hello")
    remove_unfinished_files.call()
    assert [path.name for path in stored(files)] == [kept.sha256]


def test_many_who_keep_the_same_bytes_at_once_get_the_same_blob(files: Path) -> None:
    content = b"hello" * 200_000
    found: list[Blob] = []
    with Threads() as threads:
        for _ in range(8):
            threads.start(lambda: found.append(keep(content)))
    assert len(found) == 8
    assert len(set(found)) == Blob.objects.count() == len(stored(files)) == 1
    assert read(found[0]) == content


def test_keeping_again_mends_a_file_that_the_disk_has_spoilt(files: Path) -> None:
    blob = keep(b"hello")
    stored(files)[0].write_bytes(b"hel")
    keep(b"hello")
    assert read(blob) == b"hello"


def test_a_lost_file_is_said_to_be_lost(files: Path) -> None:
    blob = keep(b"hello")
    stored(files)[0].unlink()
    with pytest.raises(FileNotFoundError):
        read(blob)
