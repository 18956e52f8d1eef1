"""What must be known before the settings are read? The options of `sportello run`, and a secret of its own."""

import argparse
import os
import secrets
from collections.abc import Sequence
from pathlib import Path

from sportello.kernel.ports import free_port


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", type=int, default=8000, help="web port (default 8000; 0 takes a free one)")
    parser.add_argument("--smtp-port", type=int, default=2525, help="SMTP port (default 2525; 0 takes a free one)")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default 127.0.0.1)")
    parser.add_argument("--data", default="", metavar="DIR", help="where everything is kept (default ./data)")
    parser.add_argument("--empty", action="store_true", help="no demo: the browser opens the set-up page")


def prepare_environment(argv: Sequence[str]) -> None:
    """Turn the options into the environment that the settings read. An address or key given there already wins."""
    parser = argparse.ArgumentParser(add_help=False)
    add_options(parser)
    options, _others = parser.parse_known_args(list(argv))
    if options.data:
        os.environ["SPORTELLO_DATA"] = str(Path(options.data).resolve())
    port = options.port or free_port(options.host)
    os.environ["SPORTELLO_PORT"] = str(port)
    shown = "localhost" if options.host in ("127.0.0.1", "0.0.0.0", "::", "::1") else options.host  # noqa: S104  compared, not bound
    os.environ.setdefault("SPORTELLO_URL", f"http://{shown}:{port}")
    os.environ.setdefault("SPORTELLO_LOG_FORMAT", "text")
    if not options.empty:
        os.environ.setdefault("SPORTELLO_DEMO", "1")
    if "SPORTELLO_SECRET_KEY" not in os.environ:
        data = Path(os.environ.get("SPORTELLO_DATA") or Path(__file__).resolve().parents[2] / "data")
        os.environ["SPORTELLO_SECRET_KEY"] = kept_secret(data)


def kept_secret(data: Path) -> str:
    """This installation's own secret key, made on the first start and readable by its owner only."""
    data.mkdir(parents=True, exist_ok=True)
    file = data / "secret-key"
    if not file.exists():
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as new:
            new.write(secrets.token_urlsafe(50))
    return file.read_text(encoding="utf-8").strip()
