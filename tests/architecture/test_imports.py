"""Do reactions, jobs and private modules stay at home? The layers themselves are contracts in pyproject.toml."""

import re
from collections.abc import Iterable
from pathlib import Path

import grimp
import pytest

from tests.architecture.rules import ROOT, the_tree

pytestmark = pytest.mark.only_sqlite

AT_HOME = {"reactions", "jobs"}
PUBLIC_ALL_THE_SAME = {"sportello.kernel.jobs"}  # the queue itself, not jobs of the kernel
MAY_SCHEDULE = "sportello.config.schedule"  # the one list of what recurs

Import = tuple[str, str]


def home_of(module: str) -> str | None:
    """The package whose own business this module is; None for a public one."""
    parts = module.split(".")
    for depth, part in enumerate(parts):
        package = ".".join(parts[: depth + 1])
        if package in PUBLIC_ALL_THE_SAME:
            return None
        if part in AT_HOME or (part.startswith("_") and not part.startswith("__")):
            return ".".join(parts[:depth])
    return None


def trespasses(imports: Iterable[Import]) -> list[str]:
    found = []
    for importer, imported in imports:
        home = home_of(imported)
        if home is None or f"{importer}.".startswith(f"{home}."):
            continue
        if importer == MAY_SCHEDULE and imported.endswith(".jobs"):
            continue
        found.append(f"{importer} imports {imported}, which is private to {home}")
    return sorted(found)


def test_reactions_jobs_and_private_modules_stay_at_home() -> None:
    graph = grimp.build_graph("sportello", cache_dir=None)
    imports = [
        (module, imported) for module in graph.modules for imported in graph.find_modules_directly_imported_by(module)
    ]
    assert trespasses(imports) == []


def test_who_trespasses_is_found() -> None:
    allowed = [
        ("sportello.tickets.apps", "sportello.tickets.reactions"),
        ("sportello.tickets.tests.test_x", "sportello.tickets._words"),
        ("sportello.config.schedule", "sportello.tickets.jobs"),
        ("sportello.tickets.jobs", "sportello.kernel.jobs.worker"),
    ]
    forbidden = [
        ("sportello.desk.views", "sportello.tickets.reactions"),
        ("sportello.desk.views", "sportello.tickets.jobs"),
        ("sportello.tickets.models.ticket", "sportello.people._words"),
        ("sportello.config.schedule", "sportello.tickets.reactions"),
    ]
    assert trespasses(allowed) == []
    assert len(trespasses(forbidden)) == len(forbidden)


def test_whoever_names_the_one_channel_is_among_the_places_that_a_second_one_changes() -> None:
    decision = Path(ROOT, "docs/decisions/0004-one-channel.md").read_text(encoding="utf-8")
    places = tuple(re.findall(r"`([\w/]+(?:/|\.py))`", decision))
    naming = [
        file.path.removeprefix("sportello/")
        for file in the_tree()
        if file.is_code and not file.path.startswith("sportello/channels/")
        if re.search(r"^\s*(?:from|import) sportello\.channels\.email\b", file.text, re.MULTILINE)
    ]
    assert len(naming) > 10
    assert [path for path in naming if not path.startswith(places)] == []
