"""Does the memory of a burst come back to the machine? glibc keeps what was freed, for each thread, unless it is told.

`keep_little` is said once, at the start: few pools of memory for all threads, and what is large comes from the system
by itself and goes back at once. `give_back_soon` looks, a moment after a burst, for what Django's requests, responses
and rows keep of each other in rings, and hands all of it back. Elsewhere than on glibc the system decides for itself.
"""

import ctypes
import gc
import threading
from functools import cache
from typing import Any

M_TRIM_THRESHOLD, M_MMAP_THRESHOLD, M_ARENA_MAX = -1, -3, -8  # malloc.h
ARENAS = 4
LARGE_BYTES = 256 * 1024
WORTH_BYTES = 8 * 1024 * 1024  # the search holds everybody up for some hundredths of a second
QUIET_SECONDS = 5.0

_lock = threading.Lock()
_let_go: list[int] = []
_is_due = threading.Event()


def keep_little() -> None:
    if library := _glibc():
        library.mallopt(M_ARENA_MAX, ARENAS)
        library.mallopt(M_MMAP_THRESHOLD, LARGE_BYTES)  # fixed: by itself it grows to 32 MB with what is freed
        library.mallopt(M_TRIM_THRESHOLD, 4 * LARGE_BYTES)


def look_no_more_at_what_stays() -> None:
    """The program itself is never let go, and each search for rings would look through all of it."""
    gc.freeze()


def give_back_soon(amount: int) -> None:
    """So many bytes were let go. Once they are worth it, and once for all who say so within the time."""
    with _lock:
        _let_go.append(amount)
        if _is_due.is_set() or sum(_let_go) < WORTH_BYTES:
            return
        _is_due.set()
    timer = threading.Timer(QUIET_SECONDS, give_back)
    timer.daemon = True
    timer.start()


def give_back() -> None:
    with _lock:
        _let_go.clear()
        _is_due.clear()
    gc.collect()
    if library := _glibc():
        library.malloc_trim(0)


@cache
def _glibc() -> Any:
    """The C library of this process where it is glibc, else None."""
    try:
        library = ctypes.CDLL(None)
        library.gnu_get_libc_version  # noqa: B018  an attribute that is missing elsewhere
        library.mallopt.argtypes = (ctypes.c_int, ctypes.c_int)
        library.malloc_trim.argtypes = (ctypes.c_size_t,)
    except (OSError, AttributeError, TypeError):
        return None
    return library
