"""Does a test try to leave this machine? The interpreter itself tells, whatever library is at work."""

import ipaddress
import socket
import sys
from typing import Any

ESCAPES: list[str] = []  # what was tried since the last look; see the fixture in conftest.py


def stay_on_loopback() -> None:
    """From now on, for the rest of the process, connections and name look-ups end at this machine."""
    sys.addaudithook(_judge)


def _judge(event: str, arguments: tuple[Any, ...]) -> None:
    if event in ("socket.connect", "socket.sendto"):
        connection, address = arguments
        if isinstance(address, tuple) and not _is_loopback(address[0]):
            ESCAPES.append(f"{event} {address}")
            raise PermissionError(f"Tests stay on loopback, and {address} is not")
        del connection
    elif event in ("socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"):
        host = arguments[0]
        if host and not _is_loopback(host) and not _is_address(host):
            raise socket.gaierror(socket.EAI_NONAME, f"Tests look up no names, not even {host}")


def _is_address(host: str | bytes) -> bool:
    try:
        ipaddress.ip_address(_text(host))
    except ValueError:
        return False
    return True


def _is_loopback(host: str | bytes) -> bool:
    return _text(host) in ("localhost", "") or (_is_address(host) and ipaddress.ip_address(_text(host)).is_loopback)


def _text(host: str | bytes) -> str:
    return (host.decode("ascii", "replace") if isinstance(host, bytes) else host).partition("%")[0]
