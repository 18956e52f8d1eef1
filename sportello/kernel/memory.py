"""Does a process give memory back once it is done with it? The C library keeps much for later, unless it is told."""

import ctypes

_ARENAS_AT_MOST = -8
_MMAP_FROM = -3
_BYTES = 128 * 1024


def give_back_soon() -> None:
    """Before the first thread starts. Elsewhere than on glibc there is nothing to tell.

    A mail of 40 MB, once freed, would make all blocks up to that size come from heaps, each thread has a heap of its
    own, and of a heap only the free end goes back.
    """
    tell = getattr(ctypes.CDLL(None), "mallopt", None)
    if tell:
        tell(_MMAP_FROM, _BYTES)
        tell(_ARENAS_AT_MOST, 2)
