"""What must be known before the settings are read? Where everything is kept, the options of `run`, a secret."""

import argparse
import os
import secrets
import stat
from collections.abc import Sequence
from pathlib import Path
from shlex import quote

from sportello.config.claim import claim, open_desk
from sportello.kernel.ports import free_port, in_the_way

OUR_FILES = (
    "secret-key",
    "run.json",
    "run.lock",
    "sportello.sqlite3",
    "sportello.sqlite3-wal",
    "sportello.sqlite3-shm",
)


class Refused(Exception):
    """The program cannot start. The text is a sentence that says why and what to do."""


def a_port(text: str) -> int:
    """A port as somebody typed it; 0 lets the system choose."""
    if not (text.isascii() and text.isdigit() and int(text) <= 65535):
        raise argparse.ArgumentTypeError(f"{text} is not a port. Ports go from 1 to 65535; 0 takes a free one.")
    return int(text)


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", type=a_port, default=8000, help="web port (default 8000; 0 takes a free one)")
    parser.add_argument("--smtp-port", type=a_port, default=2525, help="SMTP port (default 2525; 0 takes a free one)")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default 127.0.0.1)")
    parser.add_argument("--data", default="", metavar="DIR", help="where everything is kept (default: data beside bin)")
    parser.add_argument("--empty", action="store_true", help="no demo: the set-up page asks for the code printed here")


def data_folder() -> Path:
    """As the settings will read it."""
    return Path(os.environ.get("SPORTELLO_DATA") or Path(__file__).resolve().parents[2] / "data").resolve()


def prepare_run(argv: Sequence[str]) -> None:
    """Take the folder for ourselves and turn the options into the environment that the settings read.

    An address or key given there already wins. Raises Refused.
    """
    parser = argparse.ArgumentParser(prog="sportello run", add_help=False)
    add_options(parser)
    options, _others = parser.parse_known_args(list(argv))
    if options.data:
        os.environ["SPORTELLO_DATA"] = str(Path(options.data).resolve())
    if {"-h", "--help"} & set(argv):
        return
    data = data_folder()
    keep_private(data)
    _take(data)
    refuse_taken(options.host, port=options.port, smtp_port=options.smtp_port)
    port = options.port or free_port(options.host)
    os.environ["SPORTELLO_PORT"] = str(port)
    shown = "localhost" if options.host in ("127.0.0.1", "0.0.0.0", "::", "::1") else options.host  # noqa: S104  compared, not bound
    os.environ.setdefault("SPORTELLO_URL", f"http://{shown}:{port}")
    os.environ.setdefault("SPORTELLO_LOG_FORMAT", "text")
    if not os.environ.get("SPORTELLO_SECRET_KEY"):
        os.environ["SPORTELLO_SECRET_KEY"] = kept_secret(data)


def refuse_taken(host: str, **ports: int) -> None:
    """Before anything is loaded or begun. Each port is called as its option is. Raises Refused."""
    for option, port in ports.items():
        if reason := in_the_way(host, port):
            other = option.replace("_", "-") if reason.startswith("Port") else "host"
            raise Refused(f"{reason} Choose another with --{other}.")


def _take(data: Path) -> None:
    if claim(data):
        return
    url = (open_desk(data) or {}).get("url")
    where = f"open at {url}" if url else "starting or stopping"
    raise Refused(f"This desk is already {where}. Everything of it is in {data}; choose another folder with --data.")


def refuse_without_desk(data: Path) -> None:
    """For what only makes sense where a desk is; nothing is made here. Raises Refused."""
    try:
        there = bool(os.environ.get("DATABASE_URL")) or (data / "sportello.sqlite3").exists()
    except PermissionError as error:
        raise _of_another_user(data) from error
    if not there:
        raise Refused(f"There is no desk in {data} yet. Start one with bin/run, or name its folder in SPORTELLO_DATA.")


def keep_private(data: Path) -> None:
    """Make the folder where everything is kept, for this user's eyes only, and tighten one of an earlier version.

    From now on this process makes files that nobody else can read. Raises Refused where there can be no such folder.
    """
    os.umask(0o077)
    try:
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        _tighten(data)
        for name in OUR_FILES:
            if (data / name).exists():
                _tighten(data / name)
                _refuse_closed(data / name)
    except PermissionError as error:
        raise _of_another_user(data) from error
    except OSError as error:
        reason = error.strerror or error
        raise Refused(f"{data} cannot be the folder where everything is kept ({reason}). Choose another.") from error
    if not os.access(data, os.R_OK | os.W_OK | os.X_OK):
        raise Refused(f"{data} cannot be written to. Let this user write there, or choose another folder.")


def _refuse_closed(file: Path) -> None:
    if not os.access(file, os.R_OK, effective_ids=True):
        raise _of_another_user(file.parent)


def _of_another_user(data: Path) -> Refused:
    """As after a restore by root, or where somebody looks at a desk that is not theirs."""
    mend = f"Give it, and all that is in it, to the one who runs the desk: chown -R USER {quote(str(data))}"
    return Refused(f"{data} is not open to this user. {mend}, or choose another folder.")


def _tighten(place: Path) -> None:
    """Take everybody else's rights away, where it is ours to say and no folder that all users share, like /tmp."""
    found = place.stat()
    mode = stat.S_IMODE(found.st_mode)
    if found.st_uid == os.geteuid() and mode & 0o077 and not mode & stat.S_ISVTX:
        place.chmod(mode & ~0o077)


def kept_secret(data: Path) -> str:
    """This installation's own secret key, made on the first start and readable by its owner only."""
    file = data / "secret-key"
    if not file.exists() or not file.stat().st_size:
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT, 0o600), "w") as new:
            new.write(secrets.token_urlsafe(50))
    return file.read_text(encoding="utf-8").strip()
