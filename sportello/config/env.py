"""Which settings does this installation give through its environment? Read once, loud on nonsense."""

from pathlib import Path

from environs import Env

env = Env()

REPOSITORY = Path(__file__).resolve().parent.parent.parent
DEMO_SECRET = "demo-secret-that-every-copy-of-the-source-knows"  # noqa: S105  named so that start can refuse it

DATA: Path = env.path("SPORTELLO_DATA", REPOSITORY / "data").resolve()
_kept = DATA / "secret-key"  # made by `sportello run` on its first start
SECRET_KEY: str = env.str("SPORTELLO_SECRET_KEY", _kept.read_text().strip() if _kept.exists() else DEMO_SECRET)
SEAL_KEYS: list[str] = env.list("SPORTELLO_SEAL_KEYS", [])
DEBUG: bool = env.bool("SPORTELLO_DEBUG", False)
URL: str = env.str("SPORTELLO_URL", "http://localhost:8000").rstrip("/")
HOSTS: list[str] = env.list("SPORTELLO_HOSTS", [])
DATABASE_URL: str = env.str("DATABASE_URL", "")
LOG_FORMAT: str = env.str("SPORTELLO_LOG_FORMAT", "json", validate=lambda value: value in ("json", "text") or _refuse())
TRUSTED_PROXIES: list[str] = env.list("SPORTELLO_TRUSTED_PROXIES", [])
UPLOAD_LIMIT_MB: int = env.int("SPORTELLO_UPLOAD_LIMIT_MB", 20)
MAIL_LIMIT_MB: int = env.int("SPORTELLO_MAIL_LIMIT_MB", 50)


def _refuse() -> bool:
    raise ValueError("SPORTELLO_LOG_FORMAT is json or text")
