"""Which files may there be, how long, and what may none of them say?"""

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from tests.architecture.rules import File, Finding, Rule

SHAPELESS = {"utils", "helpers", "common", "misc", "base", "core", "services", "managers", "handlers"}
LONGEST_TEST = 500  # tables of cases
LONGEST = {".py": 400, ".css": 400, ".html": 150, ".js": 120}

# Written in pieces, so that this file does not say what no file may say.
REGISTRIES = [
    ("pypi", "org"),
    ("pythonhosted", "org"),
    ("npmjs", "org"),
    ("npmjs", "com"),
    ("deb", "debian", "org"),
    ("unpkg", "com"),
    ("jsdelivr", "net"),
    ("ghcr", "io"),
]
_HOST = re.compile("|".join(re.escape(".".join(pieces)) for pieces in REGISTRIES))
_MACHINE = re.compile(r"(?<![\w.~])/(?:" + "|".join(("wo" + "rk", "ro" + "ot")) + r")/|\.\./" + "sha" + "red")
_LATER = re.compile(r"\b(TO" + "DO|FIX" + r"ME)\b")


def shapeless_names(file: File) -> Iterator[Finding]:
    for part in file.parts:
        if PurePosixPath(part).stem in SHAPELESS:
            yield Finding(1, f"{part} says nothing about what is in it")


def long_files(file: File) -> Iterator[Finding]:
    limit = LONGEST_TEST if "tests" in file.parts else LONGEST[PurePosixPath(file.path).suffix]
    if len(file.lines) > limit:
        yield Finding(1, f"{len(file.lines)} lines, {limit} are allowed")


def _saying(pattern: re.Pattern[str], what: str, file: File) -> Iterator[Finding]:
    for number, line in enumerate(file.lines, start=1):
        if found := pattern.search(line):
            yield Finding(number, f"{what}: {found[0]}")


def packages_that_are_none(paths: set[str]) -> list[str]:
    """Folders of tests without `__init__.py`: two test files of one name would then be one module."""
    folders = {PurePosixPath(path).parent.as_posix() for path in paths if PurePosixPath(path).name.startswith("test_")}
    return sorted(folder for folder in folders if f"{folder}/__init__.py" not in paths)


def _always(_: File) -> bool:
    return True


RULES = [
    Rule(
        "names say something",
        lambda file: file.parts[0] in ("sportello", "tests", "bench"),
        shapeless_names,
        good=File("sportello/tickets/merging.py", ""),
        bad=File("sportello/tickets/utils.py", ""),
    ),
    Rule(
        "files are short",
        lambda file: PurePosixPath(file.path).suffix in LONGEST and not {"migrations", "build"} & set(file.parts),
        long_files,
        good=File("sportello/x.py", "\n" * 400),
        bad=File("sportello/x.py", "\n" * 401),
    ),
    Rule(
        "no package registry is named",
        _always,
        lambda file: _saying(_HOST, "names a package registry", file),
        good=File("x.md", "the package index"),
        bad=File("x.md", "https://" + ".".join(REGISTRIES[0])),
    ),
    Rule(
        "no machine is named",
        _always,
        lambda file: _saying(_MACHINE, "names a folder of one machine", file),
        good=File("x.md", "see docs/work/plan and /var/lib/sportello"),
        bad=File("x.md", "see /ro" + "ot/x"),
    ),
    Rule(
        "nothing is left for later",
        _always,
        lambda file: _saying(_LATER, "leaves something for later", file),
        good=File("x.py", "# because SQLite has no such lock"),
        bad=File("x.py", "# TO" + "DO: later"),
    ),
]
