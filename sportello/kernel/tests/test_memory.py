"""Does a process give memory back after large pieces of it were in use?"""

import subprocess
import sys

import pytest

BUSY_THEN_IDLE = """
from sportello.kernel.memory import give_back_soon
{told}
one = bytearray(30 << 20)  # from now on glibc takes what is smaller from its heap
del one
many = [bytearray(1 << 20) for _ in range(100)]
above = bytearray(100_000)  # holds all below it
del many
print(next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmRSS")))
"""


@pytest.mark.only_glibc
def test_large_pieces_go_back_at_once() -> None:
    assert kilobytes_after("give_back_soon()") < 60_000 < kilobytes_after("")


def kilobytes_after(told: str) -> int:
    code = BUSY_THEN_IDLE.format(told=told)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, timeout=60)
    return int(done.stdout)
