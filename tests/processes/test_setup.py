"""Does `bin/setup` do again only what has to be done again?"""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.rules import ROOT

pytestmark = pytest.mark.slow
STYLE = "sportello/ui/static/ui/css/new.css"


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Another copy of the program, which borrows what is installed in ours."""
    place = tmp_path_factory.mktemp("clone")
    left_out = shutil.ignore_patterns("__pycache__", "tests", "build")
    for name in ("bin", "sportello"):
        shutil.copytree(ROOT / name, place / name, ignore=left_out)
    state = place / ".venv" / "sportello"
    state.mkdir(parents=True)
    (state / "place").write_text(f"{place}\n")
    for folder in (place, state):
        shutil.copy(ROOT / "requirements.lock", folder)
    (place / ".venv" / "bin").mkdir()
    python = f'export PYTHONPATH="{place}"; exec "{sys.executable}"'
    for called, command in {
        "python": f'{python} "$@"',
        "sportello": f'{python} -m sportello "$@"',
        "pybabel": f'{python} -m babel.messages.frontend "$@"',
    }.items():
        script = place / ".venv" / "bin" / called
        script.write_text(f"#!/bin/sh\n{command}\n")
        script.chmod(0o755)
    (place / STYLE).touch()
    assert "Building assets" in _set_up(place)
    return place


def _set_up(clone: Path) -> str:
    done = subprocess.run(
        ["bin/setup"], cwd=clone, capture_output=True, text=True, timeout=120, check=True, umask=0o077
    )
    return done.stderr


def test_a_program_that_was_used_since_is_set_up(clone: Path) -> None:
    for source in sorted((clone / "sportello").rglob("*.py")):
        kept = source.parent / "__pycache__"  # made when a page is opened for the first time
        kept.mkdir(exist_ok=True)
        (kept / f"{source.stem}.cpython-311.pyc").touch()
    assert _set_up(clone) == ""


def test_a_style_that_was_changed_or_taken_away_is_built_in(clone: Path) -> None:
    style = clone / STYLE
    for change in (style.touch, style.unlink):
        change()
        assert "Building assets" in _set_up(clone)
        assert _set_up(clone) == ""


def test_who_set_it_up_need_not_be_who_runs_it(clone: Path) -> None:
    modes = {place.stat().st_mode & 0o777 for place in (clone / "static").rglob("*")}
    assert modes == {0o644, 0o755} and (clone / "static").stat().st_mode & 0o777 == 0o755
