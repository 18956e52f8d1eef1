"""What tests with real threads and processes need: start them, wait for a condition, hear of their errors."""

import threading
import time
from collections.abc import Callable

from django.db import connections

PATIENCE = 30.0  # seconds; far more than needed, so that a busy machine fails no test


class Threads:
    """Joined at the end of the `with` block, which then raises the first error of any of them."""

    def __init__(self) -> None:
        self._started: list[threading.Thread] = []
        self._errors: list[BaseException] = []

    def __enter__(self) -> "Threads":
        return self

    def __exit__(self, *_: object) -> None:
        self.join()

    def start(self, work: Callable[..., object], *args: object) -> threading.Thread:
        thread = threading.Thread(target=self._run, args=(work, *args), daemon=True)
        thread.start()
        self._started.append(thread)
        return thread

    def join(self) -> None:
        for thread in self._started:
            thread.join(PATIENCE)
            assert not thread.is_alive()
        if self._errors:
            raise self._errors[0]

    def _run(self, work: Callable[..., object], *args: object) -> None:
        try:
            work(*args)
        except BaseException as error:
            self._errors.append(error)
        finally:
            connections.close_all()


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.005)
