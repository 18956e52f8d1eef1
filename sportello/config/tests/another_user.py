"""How does a test look at a folder of another user? Root may open everything, so it is nobody for a while."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

RIGHTS_OF_ALL = 0o755
NOBODY = 65534


@contextmanager
def a_folder_in_reach() -> Iterator[Path]:
    """The folders that tests usually get lie below one of this user alone."""
    with TemporaryDirectory() as name:
        Path(name).chmod(RIGHTS_OF_ALL)
        yield Path(name)


@contextmanager
def closed_to_this_user(folder: Path) -> Iterator[None]:
    """Everything else in the test's folders stays as it is."""
    before, me = folder.stat().st_mode, os.geteuid()
    folder.chmod(0)
    if me == 0:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(me)
        folder.chmod(before)
