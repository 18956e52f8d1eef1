"""Which settings does this installation give through its environment? Read once, loud on nonsense."""

from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from environs import Env, ValidationError

env = Env()


def _one_of(*words: str) -> Callable[[str], None]:
    def check(value: str) -> None:
        if value not in words:
            raise ValidationError(f"It is {' or '.join(words)}.")

    return check


def _is_address(value: str) -> None:
    """Links in mails begin with it, so a mistake here is a mistake in every mail."""
    try:
        address = urlsplit(value)
        good = address.scheme in ("http", "https") and bool(address.hostname) and address.port != 0
    except ValueError:
        good = False
    if not good:
        raise ValidationError("It is the address that customers open, as in https://help.example.com.")
    if address.path.strip("/") or address.query or address.fragment:
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

DATA: Path = env.path("SPORTELLO_DATA", REPOSITORY / "data").resolve()
_kept = DATA / "secret-key"  # made by `sportello run` on its first start
SECRET_KEY: str = env.str("SPORTELLO_SECRET_KEY", _kept.read_text().strip() if _kept.exists() else DEMO_SECRET)
SEAL_KEYS: list[str] = env.list("SPORTELLO_SEAL_KEYS", [])
DEBUG: bool = env.bool("SPORTELLO_DEBUG", False)
URL: str = env.str("SPORTELLO_URL", "http://localhost:8000", validate=_is_address).rstrip("/")
HOSTS: list[str] = env.list("SPORTELLO_HOSTS", [])
DATABASE_URL: str = env.str("DATABASE_URL", "", validate=_is_postgresql)
LOG_FORMAT: str = env.str("SPORTELLO_LOG_FORMAT", "json", validate=_one_of("json", "text"))
TRUSTED_PROXIES: list[str] = env.list("SPORTELLO_TRUSTED_PROXIES", [])
UPLOAD_LIMIT_MB: int = env.int("SPORTELLO_UPLOAD_LIMIT_MB", 20)
MAIL_LIMIT_MB: int = env.int("SPORTELLO_MAIL_LIMIT_MB", 50)
