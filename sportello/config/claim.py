"""Who has this data folder? One desk at a time, and others can ask whether it is open and where."""

import fcntl
import json
import os
from pathlib import Path
from typing import Any


def claim(data: Path) -> bool:
    """Take the folder for this process until it ends, however it ends. False when another process has it."""
    descriptor = os.open(data / "run.lock", os.O_WRONLY | os.O_CREAT, 0o600)  # the system closes it at our end
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return False
    (data / "run.json").unlink(missing_ok=True)  # a desk that crashed left it
    return True


def open_desk(data: Path) -> dict[str, Any] | None:
    """What the desk that has this folder said about itself (`url`); empty while it starts. None when there is none."""
    try:
        with (data / "run.lock").open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return _note(data)
    except OSError:
        return None
    return None


def _note(data: Path) -> dict[str, Any]:
    try:
        about: dict[str, Any] = json.loads((data / "run.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return about


def put_note(data: Path, about: dict[str, Any]) -> None:
    """Say where the desk is, to its owner only."""
    with os.fdopen(os.open(data / "run.json", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump(about, file, indent=2)


def take_note_away(data: Path) -> None:
    (data / "run.json").unlink(missing_ok=True)
