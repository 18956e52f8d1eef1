"""Which settings does this installation give through its environment? Read once, loud on nonsense."""

import os
import re
from collections.abc import Callable
from ipaddress import ip_address, ip_network
from pathlib import Path
from urllib.parse import urlsplit

from environs import Env, ValidationError

LARGEST_UPLOAD_MB = 90  # as base64 it still fits into what one network may have under way, see arrivals.py
LARGEST_MAIL_MB = 200  # the same of a mail, see smtp_server.py
_HOST = re.compile(r"\*|\.?[a-z0-9]([a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:.]+\]", re.IGNORECASE)

for _name in [name for name in os.environ if name == "DATABASE_URL" or name.startswith("SPORTELLO_")]:
    if not os.environ[_name].strip():  # empty is as unset
        del os.environ[_name]
env = Env()


def _one_of(*words: str) -> Callable[[str], None]:
    def check(value: str) -> None:
        if value not in words:
            raise ValidationError(f"It is {' or '.join(words)}.")

    return check


def _between(least: int, most: int) -> Callable[[int], None]:
    def check(value: int) -> None:
        if not least <= value <= most:
            raise ValidationError(f"It is a number from {least} to {most}.")

    return check


def _each(is_good: Callable[[str], bool], what: str) -> Callable[[list[str]], None]:
    def check(values: list[str]) -> None:
        wrong = [value or "(nothing)" for value in values if not is_good(value)]
        if wrong:
            raise ValidationError(f"{what} Not so: {', '.join(wrong)}.")

    return check


def _is_host(value: str) -> bool:
    return bool(_HOST.fullmatch(value))


def _is_proxy(value: str) -> bool:
    try:
        ip_network(value) if "/" in value else ip_address(value)
    except ValueError:
        return False
    return True


def _is_address(value: str) -> None:
    """Links in mails begin with it, so a mistake here is a mistake in every mail."""
    try:
        address = urlsplit(value.strip())
        good = address.scheme in ("http", "https") and bool(address.hostname) and address.port != 0
    except ValueError:
        good = False
    place = address.netloc.removesuffix(f":{address.port}") if good else ""
    if not _is_host(place) or "*" in place:
        raise ValidationError("It is the address that customers open, as in https://help.example.com.")
    if address.path.strip("/") or set(value) & {"?", "#"}:
        raise ValidationError("It ends with the host or the port: the desk has a host name of its own.")


def _is_postgresql(value: str) -> None:
    """Empty means SQLite in the data folder."""
    try:
        address = urlsplit(value)
        good = address.scheme in ("postgres", "postgresql") and bool(address.path.strip("/")) and address.port != 0
    except ValueError:
        good = False
    if value and not good:
        raise ValidationError(
            "It begins with postgres:// and names a database, as in postgres://user:password@host:5432/name."
        )


REPOSITORY = Path(__file__).resolve().parent.parent.parent
DEMO_SECRET = "demo-secret-that-every-copy-of-the-source-knows"  # noqa: S105  named so that start can refuse it

DATA: Path = Path(env.str("SPORTELLO_DATA", "") or REPOSITORY / "data").resolve()
_kept = DATA / "secret-key"  # made by `sportello run` on its first start
SECRET_KEY: str = env.str("SPORTELLO_SECRET_KEY", "") or (_kept.exists() and _kept.read_text().strip()) or DEMO_SECRET
SEAL_KEYS: list[str] = env.list(
    "SPORTELLO_SEAL_KEYS", [], str.strip, validate=_each(bool, "It is one key, or several with commas between.")
)
DEBUG: bool = env.bool("SPORTELLO_DEBUG", False)
URL: str = env.str("SPORTELLO_URL", "http://localhost:8000", validate=_is_address).strip().rstrip("/").lower()
HOSTS: list[str] = env.list(
    "SPORTELLO_HOSTS",
    [],
    str.strip,
    validate=_each(_is_host, "It is names of hosts without http:// and port, with commas between."),
)
DATABASE_URL: str = env.str("DATABASE_URL", "", validate=_is_postgresql)
LOG_FORMAT: str = env.str("SPORTELLO_LOG_FORMAT", "json", validate=_one_of("json", "text"))
TRUSTED_PROXIES: list[str] = env.list(
    "SPORTELLO_TRUSTED_PROXIES",
    [],
    str.strip,
    validate=_each(_is_proxy, "It is addresses and networks, as in 10.0.0.2,172.16.0.0/12."),
)
UPLOAD_LIMIT_MB: int = env.int("SPORTELLO_UPLOAD_LIMIT_MB", 20, validate=_between(1, LARGEST_UPLOAD_MB))
MAIL_LIMIT_MB: int = env.int("SPORTELLO_MAIL_LIMIT_MB", 50, validate=_between(1, LARGEST_MAIL_MB))
