"""Is every dependency locked with hashes, and is it said why we have it?"""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from tests.architecture.rules import ROOT

pytestmark = pytest.mark.only_sqlite

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
NEEDED = [Requirement(line) for line in PROJECT["dependencies"]]
NEEDED_BY_DEVELOPERS = [Requirement(line) for line in PROJECT["optional-dependencies"]["dev"]]
PIN = re.compile(r"^([\w.-]+)(?:\[[\w,]+\])?==(\S+)", re.MULTILINE)


def pins(lock: str) -> dict[str, str]:
    return dict(PIN.findall(Path(ROOT, lock).read_text(encoding="utf-8")))


@pytest.mark.parametrize("requirement", NEEDED, ids=str)
def test_what_we_need_is_locked(requirement: Requirement) -> None:
    assert requirement.specifier.contains(pins("requirements.lock")[requirement.name]), "run bin/lock"


@pytest.mark.parametrize("requirement", NEEDED_BY_DEVELOPERS, ids=str)
def test_what_developers_need_is_locked(requirement: Requirement) -> None:
    assert requirement.specifier.contains(pins("requirements-dev.lock")[requirement.name]), "run bin/lock"


def test_both_locks_agree() -> None:
    assert pins("requirements.lock").items() <= pins("requirements-dev.lock").items()


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_every_locked_package_has_hashes(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    entries = re.split(r"\n(?=\S)", text.strip())
    assert all("--hash=sha256:" in entry for entry in entries)


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_a_lock_does_not_say_where_from(lock: str) -> None:
    assert "://" not in (ROOT / lock).read_text(encoding="utf-8")


@pytest.mark.parametrize("requirement", NEEDED, ids=str)
def test_it_is_said_why_we_depend_on_it(requirement: Requirement) -> None:
    assert f"| {requirement.name} |" in (ROOT / "docs/decisions/0003-dependencies.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("requirement", NEEDED_BY_DEVELOPERS, ids=str)
def test_it_is_said_why_developers_depend_on_it(requirement: Requirement) -> None:
    assert f"| {requirement.name} |" in (ROOT / "docs/decisions/0002-tooling.md").read_text(encoding="utf-8")
