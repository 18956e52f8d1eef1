"""What is a rule, and over which files does it go?"""

import ast
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
NOT_OURS = {".git", ".venv", "data", "build", "__pycache__", ".hypothesis"}
GENERATED = {"requirements.lock", "requirements-dev.lock"}
TEXT = {".py", ".html", ".txt", ".js", ".css", ".md", ".toml", ".sh", ".svg", ".json", ".po", ".yml", ""}
DOORS = ("desk", "portal", "api", "account")


@dataclass(frozen=True)
class File:
    path: str  # relative to the repository, with slashes
    text: str

    @cached_property
    def lines(self) -> list[str]:
        return self.text.splitlines()

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)

    @cached_property
    def nodes(self) -> list[ast.AST]:
        return list(ast.walk(self.tree))

    @cached_property
    def parts(self) -> tuple[str, ...]:
        return Path(self.path).parts

    @property
    def is_python(self) -> bool:
        return self.path.endswith(".py")

    @property
    def is_code(self) -> bool:
        """Python of the product itself: no tests, no migrations."""
        return self.is_python and self.parts[0] == "sportello" and not {"tests", "migrations"} & set(self.parts)

    @property
    def is_door(self) -> bool:
        return self.is_code and self.parts[1] in DOORS

    @property
    def is_template(self) -> bool:
        return self.path.endswith(".html") and "templates" in self.parts


@dataclass(frozen=True)
class Finding:
    line: int
    what: str
    name: str = ""  # the function or class, where an exception is made for it and not for the whole file


@dataclass(frozen=True)
class Rule:
    name: str
    covers: Callable[[File], bool]
    find: Callable[[File], Iterator[Finding]]
    good: File
    bad: File

    def findings(self, file: File) -> list[Finding]:
        return list(self.find(file)) if self.covers(file) else []


def place(file: File, finding: Finding) -> str:
    return f"{file.path}::{finding.name}" if finding.name else file.path


@cache
def the_tree() -> tuple[File, ...]:
    """Every text file that belongs to the project, also those not yet committed."""
    return tuple(File(path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")) for path in _paths())


def _paths() -> Iterator[Path]:
    for folder, folders, names in os.walk(ROOT):
        at_root = Path(folder) == ROOT
        folders[:] = sorted(name for name in folders if not _is_not_ours(name, at_root=at_root))
        for name in sorted(names):
            if Path(name).suffix in TEXT and name not in GENERATED:
                yield Path(folder, name)


def _is_not_ours(name: str, *, at_root: bool) -> bool:
    return name in NOT_OURS or name.endswith(("_cache", ".egg-info")) or (at_root and name == "static")
