"""How do the parts of the program run? Web, worker, schedule and mail intake, together or each alone."""

import asyncio
import os
import signal
import socket
import threading
from collections.abc import Callable
from types import FrameType

import uvicorn
from django.conf import settings

from sportello.channels.email.smtp_server import Intake
from sportello.config.connections import Connection, open_as_many_as_allowed
from sportello.config.leaving import leave_within
from sportello.config.memory import keep_little
from sportello.config.schedule import RECURRING
from sportello.kernel.jobs import Worker
from sportello.kernel.live import the_hub
from sportello.kernel.schedule import Ticker

GRACE_SECONDS = 3
DRAIN_SECONDS = 8
LAST_SECONDS = 9  # whatever still runs then is let go: who watches over us kills after ten


class WebServer(uvicorn.Server):
    """uvicorn, which ends the open streams at once when it is told to stop: they would hold it back."""

    def serve_until_told(self) -> None:
        """Serve until Ctrl-C or SIGTERM. uvicorn raises the signal again when it is done; here that must not end us."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: None)
        make_loop = self.config.get_loop_factory() or asyncio.new_event_loop
        loop = make_loop()  # never closed: that would wait for every thread, see leaving.py
        asyncio.set_event_loop(loop)
        loop.run_until_complete(self.serve())

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        the_hub.stop()
        leave_within(LAST_SECONDS)
        super().handle_exit(sig, frame)


def web_server(host: str, port: int) -> WebServer:
    open_as_many_as_allowed()
    keep_little()
    config = uvicorn.Config(
        "sportello.config.asgi:application",
        host=host,
        port=port,
        log_config=None,
        access_log=False,
        server_header=False,
        http=Connection,
        ws="none",
        timeout_graceful_shutdown=GRACE_SECONDS,
        timeout_keep_alive=20,
        proxy_headers=bool(settings.SPORTELLO_TRUSTED_PROXIES),
        forwarded_allow_ips=settings.SPORTELLO_TRUSTED_PROXIES or None,
    )
    return WebServer(config)


class Background:
    """The parts that need no web server, as threads of this process."""

    def __init__(self) -> None:
        keep_little()
        self.stop = threading.Event()
        self._threads: list[threading.Thread] = []
        self._intake: Intake | None = None

    def start_worker(self) -> None:
        self._start("worker", Worker(name=f"{socket.gethostname()}-{os.getpid()}", stop=self.stop).run)

    def start_schedule(self) -> None:
        self._start("schedule", Ticker(RECURRING, self.stop).run)

    def start_intake(self, host: str, port: int) -> int:
        """Open the SMTP door. Returns its port; raises OSError when it is taken."""
        open_as_many_as_allowed()
        self._intake = Intake(host, port)
        self._intake.start()
        return self._intake.port

    def _start(self, name: str, target: Callable[[], None]) -> None:
        thread = threading.Thread(target=target, name=name, daemon=True)
        thread.start()
        self._threads.append(thread)

    def wait_until_told(self) -> None:
        """Until Ctrl-C or SIGTERM."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._end)
        self.stop.wait()

    def _end(self, _number: int, _frame: FrameType | None) -> None:
        leave_within(LAST_SECONDS)
        self.stop.set()

    def finish(self) -> None:
        """Stop taking mail, let running jobs end, and give back what does not end in time."""
        self.stop.set()
        if self._intake:
            self._intake.stop()
        for thread in self._threads:
            thread.join(DRAIN_SECONDS)
