"""What does a server on loopback answer?"""

from dataclasses import dataclass
from http.client import HTTPConnection, HTTPMessage  # noqa: TID251  asks only on loopback


@dataclass(frozen=True)
class Answer:
    status: int
    body: bytes
    headers: HTTPMessage


def ask(port: int, path: str, **headers: str) -> Answer:
    """One answer, its body as it travelled; follows no redirect. Header names take _ for -."""
    connection = HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        connection.request("GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()})
        answer = connection.getresponse()
        return Answer(answer.status, answer.read(), answer.headers)
    finally:
        connection.close()
