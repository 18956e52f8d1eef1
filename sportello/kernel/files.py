"""Where do the bytes lie? In a content-addressed store outside the web root; no name of a user ever becomes a path."""

import hashlib
import os
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

from sportello.kernel.models import Blob


def keep(content: bytes | Iterable[bytes]) -> Blob:
    """Store bytes for good before returning: written, synced, then renamed, so that a half file never has a name."""
    root = _root()
    digest = hashlib.sha256()
    size = 0
    handle, name = tempfile.mkstemp(prefix="incoming-", dir=root)
    try:
        with os.fdopen(handle, "wb") as file:
            for chunk in [content] if isinstance(content, bytes) else content:
                digest.update(chunk)
                size += len(chunk)
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
        path = _path(digest.hexdigest())
        if path.exists():
            os.unlink(name)
        else:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            os.replace(name, path)  # mkstemp made it 0600
            _sync_folder(path.parent)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return Blob.objects.get_or_create(sha256=digest.hexdigest(), defaults={"size": size})[0]


def open_blob(blob: Blob) -> BinaryIO:
    """Raises FileNotFoundError when the store has lost it."""
    return _path(blob.sha256).open("rb")


def read(blob: Blob) -> bytes:
    with open_blob(blob) as file:
        return file.read()


def _root() -> Path:
    root = Path(settings.SPORTELLO_DATA) / "files"
    root.mkdir(mode=0o700, parents=True, exist_ok=True)
    return root


def _path(sha256: str) -> Path:
    return _root() / sha256[:2] / sha256[2:4] / sha256


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
