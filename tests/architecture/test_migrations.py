"""Do migrations form one line for each app, with names, and is there a way back from every step?"""

import inspect
from collections.abc import Iterable, Sequence

import pytest
from django.apps import apps
from django.apps.registry import Apps
from django.db.migrations import Migration, RunPython
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation

pytestmark = pytest.mark.only_sqlite

OURS = {config.label for config in apps.get_app_configs() if config.name.startswith("sportello.")}


def forks(migrations: Iterable[Migration]) -> list[str]:
    """Migrations with two parents, or sharing one, in their own app."""
    found, children = [], dict[tuple[str, str], str]()
    for migration in migrations:
        parents = [parent for parent in migration.dependencies if parent[0] == migration.app_label]
        if len(parents) > 1:
            found.append(f"{migration} has two parents")
        for parent in parents:
            if parent in children:
                found.append(f"{migration} and {children[parent]} follow the same migration")
            children[parent] = str(migration)
    return found


def one_way_streets(migrations: Iterable[Migration]) -> list[str]:
    return [
        f"{migration}: {operation.describe()}"
        for migration in migrations
        for operation in migration.operations
        if not operation.reversible
    ]


def mixtures(migrations: Iterable[Migration]) -> list[str]:
    """A step of Python that asks for models works on rows, and has a migration for itself."""
    return [
        str(migration)
        for migration in migrations
        if len(migration.operations) > 1 and any(_works_on_rows(step) for step in migration.operations)
    ]


def _works_on_rows(step: Operation) -> bool:
    return isinstance(step, RunPython) and "get_model" in inspect.getsource(step.code)


def ours() -> list[Migration]:
    loader = MigrationLoader(None)
    return [migration for (app, _), migration in loader.disk_migrations.items() if app in OURS]


def make(name: str, *parents: str, steps: Sequence[RunPython] = ()) -> Migration:
    class Made(Migration):
        dependencies = [("tickets", parent) for parent in parents]
        operations = list(steps)

    return Made(name, "tickets")


def nothing(*_: object) -> None:
    pass


def test_migrations_form_one_line() -> None:
    assert forks(ours()) == []


def test_there_is_a_way_back_from_every_migration() -> None:
    assert one_way_streets(ours()) == []


def test_schema_and_data_change_apart() -> None:
    assert mixtures(ours()) == []


def test_migrations_have_names() -> None:
    assert [str(migration) for migration in ours() if "_auto_" in migration.name] == []


def test_a_fork_is_found() -> None:
    assert forks([make("1"), make("2", "1"), make("3", "2")]) == []
    assert forks([make("1"), make("2", "1"), make("3", "1")])
    assert forks([make("1"), make("2"), make("3", "1", "2")])


def test_a_one_way_street_is_found() -> None:
    assert one_way_streets([make("1", steps=[RunPython(nothing, nothing)])]) == []
    assert one_way_streets([make("1", steps=[RunPython(nothing)])])


def test_a_mixture_of_schema_and_data_is_found() -> None:
    def fill(apps: Apps, _: object) -> None:
        apps.get_model("tickets", "Ticket")

    assert mixtures([make("1", steps=[RunPython(fill)])]) == []
    assert mixtures([make("1", steps=[RunPython(nothing), RunPython(nothing)])]) == []
    assert mixtures([make("1", steps=[RunPython(nothing), RunPython(fill)])])
