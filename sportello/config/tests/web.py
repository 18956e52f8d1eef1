"""What tests of the web door need: the real server in a thread, and readers who read when they like."""

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from sportello.config.serving import WebServer, web_server
from sportello.kernel.ports import free_port
from sportello.kernel.tests.running import PATIENCE, wait_until

LOOPBACK = "127.0.0.1"


class Web:
    def __init__(self) -> None:
        self.port = free_port(LOOPBACK)
        self.server: WebServer = web_server(LOOPBACK, self.port)
        self.thread = threading.Thread(target=self._serve, daemon=True)

    def _serve(self) -> None:
        make_loop = self.server.config.get_loop_factory() or asyncio.new_event_loop
        with asyncio.Runner(loop_factory=make_loop) as runner:
            runner.run(self.server.serve())

    def stop(self) -> None:
        self.server.should_exit = True
        self.thread.join(PATIENCE)
        assert not self.thread.is_alive()

    def connect(self, buffer: int = 0) -> socket.socket:
        connection = socket.socket()
        if buffer:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
        connection.settimeout(PATIENCE)
        connection.connect((LOOPBACK, self.port))
        return connection

    def ask(self, path: str, buffer: int = 0, /, **headers: str) -> socket.socket:
        """The request is sent; nobody has read of the answer."""
        connection = self.connect(buffer)
        lines = [f"GET {path} HTTP/1.1", f"Host: {LOOPBACK}", "Connection: close"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        connection.sendall("\r\n".join([*lines, "", ""]).encode())
        return connection

    def get(self, path: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
        with self.ask(path, **headers) as connection:
            return read_answer(connection)


def read_answer(connection: socket.socket) -> tuple[int, dict[str, str], bytes]:
    head, _, body = read_all(connection).partition(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    return (
        int(first.split()[1]),
        {name.lower(): value for name, _, value in (one.partition(": ") for one in lines)},
        body,
    )


def read_all(connection: socket.socket) -> bytes:
    return b"".join(iter(lambda: connection.recv(1 << 20), b""))


@contextmanager
def open_web() -> Iterator[Web]:
    web = Web()
    web.thread.start()
    try:
        wait_until(lambda: web.server.started)
        yield web
    finally:
        web.stop()
