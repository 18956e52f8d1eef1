"""Is it the full disk that stands behind an error?"""

import errno
from collections.abc import Iterator

FULL = (errno.ENOSPC, errno.EDQUOT)
FULL_OF_POSTGRESQL = "53100"  # disk_full, in its list of error codes
FULL_OF_SQLITE = "database or disk is full"


def is_disk_full(error: BaseException | None) -> bool:
    return any(_says_full(cause) for cause in _causes(error))


def _says_full(error: BaseException) -> bool:
    if isinstance(error, OSError):
        return error.errno in FULL
    return getattr(error, "sqlstate", None) == FULL_OF_POSTGRESQL or str(error) == FULL_OF_SQLITE


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """The error, and what it came from."""
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
