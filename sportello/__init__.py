"""Sportello, a self-hosted help desk: every request becomes a ticket, and nothing is lost."""

import re
from pathlib import Path

_CHANGELOG = Path(__file__).resolve().parent.parent / "CHANGELOG.md"


def _version() -> str:
    """The newest released heading of CHANGELOG.md, the one place where the version is written."""
    if not _CHANGELOG.exists():
        return "0.0.0"
    found = re.search(r"^## (\d+\.\d+\.\d+)", _CHANGELOG.read_text(encoding="utf-8"), re.MULTILINE)
    return found.group(1) if found else "0.0.0"


__version__ = _version()
