"""How many pages a second, against the floor? How heavy is the queue, and how much memory does a process take?

python -m bench.run [TICKETS] [--data DIR] [--rounds 3]    needs wrk; DIR keeps the data for the next time
"""

import argparse
import json
import os
import re
import secrets
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from bench.asking import ask
from bench.weight import Visit
from bench.words import COMMON, RARE
from sportello.kernel.ports import free_port

SECONDS, CLIENTS = 3, (1, 8)
START_SECONDS = 60


REPLY = Path(__file__).parent / "reply.lua"
TOKEN = "b" * 32  # of the form, in the cookie and beside it


def pages(long: int) -> dict[str, tuple[str, str]]:
    """By what it is: its address with us, and on the floor."""
    return {
        "queue": ("/desk/queue/all/", "/queue/"),
        "ticket": (f"/desk/tickets/{long}/", f"/tickets/{long}/"),
        "search rare": (f"/desk/search/?q={RARE}", f"/search/?q={RARE}"),
        "search common": (f"/desk/search/?q={COMMON}", f"/search/?q={COMMON}"),
    }


@contextmanager
def serving(command: list[str], port: int, environment: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
    try:
        until = time.monotonic() + START_SECONDS
        while True:
            try:
                ask(port, "/health/")
                break
            except OSError:
                if time.monotonic() > until or process.poll() is not None:
                    raise
                time.sleep(0.2)
        yield process
    finally:
        process.terminate()
        process.wait(20)


def drive(port: int, path: str, cookie: str, clients: int) -> float:
    """Answers a second. An answer that is an error ends the measuring."""
    return wrk(clients, "-H", f"Cookie: {cookie}", f"http://127.0.0.1:{port}{path}")


def drive_replies(port: int, path: str, tickets: list[int], cookie: str, clients: int) -> float:
    """Replies a second, to these tickets in turn; the answer is the way to the ticket."""
    url = f"http://127.0.0.1:{port}{path}"
    return wrk(clients, "-s", str(REPLY), url, "--", cookie, TOKEN, *map(str, tickets))


def wrk(clients: int, *arguments: str) -> float:
    command = ["wrk", "-t1", f"-c{clients}", f"-d{SECONDS}s", "--timeout", "20s", *arguments]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    if "Non-2xx" in told or "Socket errors" in told:
        raise SystemExit(f"{' '.join(arguments)} failed under load:\n{told}")
    found = re.search(r"Requests/sec:\s+([\d.]+)", told)
    assert found
    return float(found[1])


def check(port: int, path: str, cookie: str) -> None:
    """Must be the page itself, not the way to the door."""
    status = ask(port, path, Cookie=cookie).status
    if status != 200:
        raise SystemExit(f"{path} answered {status}")


def resident_mb(process: subprocess.Popen[bytes]) -> float:
    status = Path(f"/proc/{process.pid}/status").read_text()
    found = re.search(r"VmRSS:\s+(\d+) kB", status)
    assert found
    return int(found[1]) / 1024


def measure(ours: int, floor: int, filled: dict[str, Any], rounds: int) -> None:
    cookie = filled["cookie"]
    print("| page | clients | Sportello, pages/s | floor, pages/s | ratio |\n|---|---|---|---|---|")
    long, open_ones = filled["long"], filled["open"]
    for name, (path, bare) in pages(long).items():
        check(ours, path, cookie)
        check(floor, bare, cookie)
        for clients in CLIENTS:
            compare(name, clients, rounds, partial(drive, ours, path), partial(drive, floor, bare), cookie)
    for clients in CLIENTS:
        mine = partial(drive_replies, ours, "/desk/tickets/", open_ones[::2])
        theirs = partial(drive_replies, floor, "/tickets/", open_ones[1::2])
        compare("reply", clients, rounds, mine, theirs, cookie)


def compare(
    name: str, clients: int, rounds: int, mine: Callable[..., float], theirs: Callable[..., float], cookie: str
) -> None:
    """In turn, so that what else the machine does falls on both."""
    runs = [(mine(cookie=cookie, clients=clients), theirs(cookie=cookie, clients=clients)) for _ in range(rounds)]
    ours, floor = (statistics.median(column) for column in zip(*runs, strict=True))
    print(f"| {name} | {clients} | {ours:.1f} | {floor:.1f} | {ours / floor:.2f} |", flush=True)


def weigh(ours: int, cookie: str) -> None:
    """As a browser asks for it."""
    visit = Visit(ours, "/desk/queue/all/", cookie, "gzip, deflate, br")
    kinds = ", ".join(f"{kind} {size / 1000:.1f}" for kind, size in visit.by_kind.items())
    print(f"queue over the wire: first visit {visit.first / 1000:.1f} kB ({kinds}), ", end="")
    print(f"next visit {visit.second / 1000:.1f} kB; {len(visit.assets)} assets")


def filled_data(data: Path, tickets: int, environment: dict[str, str]) -> dict[str, Any]:
    subprocess.run([sys.executable, "-m", "sportello", "migrate", "-v0"], env=environment, check=True)
    kept = data / f"filled-{tickets}.json"
    if not kept.exists():
        command = [sys.executable, "-m", "bench.generate", str(tickets)]
        kept.write_text(subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout)
    told: dict[str, Any] = json.loads(kept.read_text())
    return told


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("tickets", type=int, nargs="?", default=10_000)
    asked.add_argument("--data", type=Path)
    asked.add_argument("--rounds", type=int, default=3)
    options = asked.parse_args()
    with ExitStack() as stack:
        data = options.data or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        data.mkdir(parents=True, exist_ok=True)
        key = data / "secret-key"
        if not key.exists():
            key.write_text(secrets.token_urlsafe(40))
        environment = os.environ | {"SPORTELLO_DATA": str(data), "SPORTELLO_SECRET_KEY": key.read_text()}
        environment.pop("DJANGO_SETTINGS_MODULE", None)
        filled = filled_data(data, options.tickets, environment)
        print({name: value for name, value in filled.items() if name not in ("cookie", "open")})
        ours, floor = free_port("127.0.0.1"), free_port("127.0.0.1")
        web = [sys.executable, "-m", "sportello", "web", "--port", str(ours)]
        bare = [sys.executable, "-m", "uvicorn", "bench.floor:application", "--port", str(floor)]
        bare += ["--no-access-log", "--lifespan", "off", "--log-level", "warning"]
        mine = stack.enter_context(serving(web, ours, environment))
        stack.enter_context(serving(bare, floor, environment))
        print(f"`sportello web` at rest after its start: {resident_mb(mine):.0f} MB")
        weigh(ours, str(filled["cookie"]))
        measure(ours, floor, filled, options.rounds)
        print(f"`sportello web` after the load: {resident_mb(mine):.0f} MB")


if __name__ == "__main__":
    main()
