"""Which port is free on this machine right now, and what is in the way of one?"""

import errno
import socket


def free_port(host: str) -> int:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.bind((host, 0))
        return int(probe.getsockname()[1])


def in_the_way(host: str, port: int) -> str:
    """Why nothing can listen there: a sentence, or nothing. Port 0 asks for the host only."""
    try:
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as servers do
            probe.bind((host, port))
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            return f"Port {port} is taken."
        if error.errno == errno.EACCES:
            return f"Port {port} is kept for programs of the system."
        return f"This machine has no address {host}."
    return ""
