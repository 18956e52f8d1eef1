"""Mails for the tests: small ones from parts, larger ones from files beside this one."""

from datetime import UTC, datetime
from pathlib import Path

from sportello.channels.email.parsing import ParsedMail, parse

MAILS = Path(__file__).parent / "mails"
NOW = datetime(2024, 5, 3, 12, 0, tzinfo=UTC)

PNG = (
    "Content-Type: image/png; name=logo.png\nContent-Transfer-Encoding: base64\nContent-ID: <Logo@Shop>\n\niVBORw0KGgo="
)


def sample(name: str) -> bytes:
    """A mail from a file, with the line ends of the wire."""
    return (MAILS / f"{name}.eml").read_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


def read_sample(name: str) -> ParsedMail:
    return parse(sample(name), now=NOW)


def raw_mail(headers: str | bytes = "", body: str | bytes = "Hello") -> bytes:
    """A mail of these header lines, with a sender and a subject unless they are there."""
    lines = headers.encode() if isinstance(headers, str) else headers
    text = body.encode() if isinstance(body, str) else body
    for name, value in ((b"From", b"Ada <ada@example.com>"), (b"Subject", b"Printer")):
        if not lines.lower().startswith(name.lower()) and b"\n" + name.lower() not in b"\n" + lines.lower():
            lines += b"\n" + name + b": " + value
    return (
        lines.strip(b"\n").replace(b"\n", b"\r\n") + b"\r\n\r\n" + text.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    )


def read(headers: str | bytes = "", body: str | bytes = "Hello") -> ParsedMail:
    return parse(raw_mail(headers, body), now=NOW)


def multipart(*parts: str, subtype: str = "mixed", headers: str = "") -> bytes:
    """A mail of parts, each given as its header lines, an empty line, and its content."""
    body = "".join(f"--limit\n{part}\n" for part in parts) + "--limit--\n"
    return raw_mail(f"{headers}\nContent-Type: multipart/{subtype}; boundary=limit", body)


def read_parts(*parts: str, subtype: str = "mixed", headers: str = "") -> ParsedMail:
    return parse(multipart(*parts, subtype=subtype, headers=headers), now=NOW)


def text_part(text: str, more: str = "") -> str:
    return f"Content-Type: text/plain; charset=utf-8{more}\n\n{text}"


def html_part(html: str) -> str:
    return f"Content-Type: text/html; charset=utf-8\n\n{html}"
