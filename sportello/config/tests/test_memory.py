"""Does the memory of a burst come back?"""

import ctypes
from pathlib import Path

import pytest

from sportello.config import memory
from sportello.kernel.tests.running import wait_until

MB = 1024 * 1024


def used() -> int:
    """Bytes of this process that are in memory and no file's."""
    (line,) = [one for one in Path("/proc/self/status").read_text().splitlines() if one.startswith("RssAnon")]
    return int(line.split()[1]) * 1024


class Ring:
    """As Django's requests and responses: each holds the other."""

    def __init__(self, size: int) -> None:
        self.content = b"x" * size
        self.itself = self


@pytest.mark.only_glibc
@pytest.mark.parametrize("size", [2000, 100_000, MB])
def test_what_a_burst_left_in_rings_goes_back(monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    monkeypatch.setattr(memory, "QUIET_SECONDS", 0.01)
    memory.keep_little()
    memory.give_back()
    before = used()
    rings = [Ring(size) for _ in range(64 * MB // size)]
    assert used() > before + 60 * MB
    del rings
    memory.give_back_soon(64 * MB)
    wait_until(lambda: used() < before + 8 * MB)


def test_elsewhere_it_is_left_to_the_system(monkeypatch: pytest.MonkeyPatch) -> None:
    def without(_name: object) -> object:
        return object()

    monkeypatch.setattr(ctypes, "CDLL", without)
    memory._glibc.cache_clear()
    try:
        memory.keep_little()
        memory.give_back()
        assert memory._glibc() is None
    finally:
        memory._glibc.cache_clear()
