"""Where do the bytes lie? In a content-addressed store outside the web root; no name of a user ever becomes a path.

Only this module writes and reads there: another store would answer to `keep`, `open_blob`, `read`, `lost_files`,
`try_to_keep` and `closed_folders`.
"""

import hashlib
import os
import re
import tempfile
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

import structlog
from django.conf import settings
from django_tasks import task

from sportello.kernel.models import Blob

UNFINISHED = "incoming-"
log = structlog.get_logger(__name__)
UNFINISHED_FOR = 24 * 60 * 60  # seconds after which nobody writes on


class FileLost(FileNotFoundError):
    """The store does not have the bytes any more."""


def keep(content: bytes | Iterable[bytes]) -> Blob:
    """Store bytes for good before returning: written, synced, then renamed, so that a half file never has a name.

    The row follows the file. When its transaction is rolled back, the file stays and serves the next one who keeps it.
    """
    digest = hashlib.sha256()
    size = 0
    handle, name = tempfile.mkstemp(prefix=UNFINISHED, dir=_root())  # mode 0600
    try:
        with os.fdopen(handle, "wb") as file:
            for chunk in [content] if isinstance(content, bytes) else content:
                digest.update(chunk)
                size += len(chunk)
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
        path = _path(digest.hexdigest())
        _make_folder(path.parent)
        os.replace(name, path)  # over the same bytes, or over what a failing disk has made of them
        _sync(path.parent)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return Blob.objects.get_or_create(sha256=path.name, defaults={"size": size})[0]


def open_blob(blob: Blob) -> BinaryIO:
    """Raises FileLost."""
    try:
        return _path(blob.sha256).open("rb")
    except FileNotFoundError as error:
        log.error("the store has lost a file", sha256=blob.sha256, size=blob.size)
        raise FileLost(blob.sha256) from error


def lost_files() -> Iterator[Blob]:
    """What should be in the store and is not: one look at the disk for each file."""
    return (blob for blob in Blob.objects.order_by("pk").iterator() if not _path(blob.sha256).is_file())


def try_to_keep() -> None:
    """Begin a file as `keep` does, and take it away. Raises OSError; makes no store where none is yet."""
    handle, name = tempfile.mkstemp(prefix=UNFINISHED, dir=store() if store().exists() else store().parent)
    os.close(handle)
    Path(name).unlink()


def closed_folders() -> Iterator[Path]:
    """Where in it this user can keep or find nothing, as after a restore by another user: one look at each."""
    every = (folder for inner in ("", "/??", "/??/??") for folder in store().parent.glob(f"{store().name}{inner}"))
    all_of_it = os.R_OK | os.W_OK | os.X_OK
    return (folder for folder in every if folder.is_dir() and not os.access(folder, all_of_it, effective_ids=True))


def read(blob: Blob) -> bytes:
    with open_blob(blob) as file:
        return file.read()


@task(queue_name="bulk")
def remove_unfinished_files() -> None:
    """What was being written when a process died, at least a day ago."""
    for path in _root().glob(f"{UNFINISHED}*"):
        if path.stat().st_mtime < time.time() - UNFINISHED_FOR:
            path.unlink(missing_ok=True)


def store() -> Path:
    """Where they lie, for those who bring them back from a backup."""
    return Path(settings.SPORTELLO_DATA) / "files"


def _root() -> Path:
    root = store()
    if not root.is_dir():
        root.mkdir(mode=0o700, parents=True, exist_ok=True)
        _sync(root.parent)
    return root


def _path(sha256: str) -> Path:
    if not re.fullmatch("[0-9a-f]{64}", sha256):
        raise ValueError("The name of kept bytes is their SHA-256")
    return _root() / sha256[:2] / sha256[2:4] / sha256


def _make_folder(folder: Path) -> None:
    """Both levels, each for us alone and each known to the disk before anything lies in it."""
    for level in (folder.parent, folder):
        if not level.is_dir():
            level.mkdir(mode=0o700, exist_ok=True)
            _sync(level.parent)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
