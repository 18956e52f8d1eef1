"""When must the program refuse to start? In production with a known secret, debug pages, or an unfinished database."""

from dataclasses import dataclass

from django.conf import settings
from django.core.management.base import CommandError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from sportello.config.env import DEMO_SECRET

SHORTEST_SECRET = 32
FEWEST_CHARACTERS = 8  # different ones; a secret in hexadecimal digits has about sixteen
SECRET_MEND = f"Set SPORTELLO_SECRET_KEY to a secret of your own of at least {SHORTEST_SECRET} random characters."

NEWER_MEND = "Take the newer program again, or restore the backup that you made before it."
HOSTS_MEND = "Name your hosts in SPORTELLO_HOSTS instead of *."


@dataclass(frozen=True)
class Misfit:
    """What is between the database and this version of the program, and what to do."""

    text: str
    mend: str
    is_newer: bool

    @property
    def in_words(self) -> str:
        return f"The database does not fit this version: {self.text}. {self.mend}"


def misfit() -> Misfit | None:
    """Nothing where they fit. Raises DatabaseError."""
    executor = MigrationExecutor(connection)
    loader = executor.loader
    if unknown := sorted({*loader.applied_migrations} - {*loader.disk_migrations}):
        return Misfit(f"a newer one has changed it ({'.'.join(unknown[-1])})", NEWER_MEND, is_newer=True)
    if pending := len(executor.migration_plan(loader.graph.leaf_nodes())):
        return Misfit(f"{pending} migrations are missing", "Run: sportello migrate", is_newer=False)
    return None


def refuse_newer_database() -> None:
    """Before this program changes what it does not know. Raises CommandError, DatabaseError."""
    found = misfit()
    if found and found.is_newer:
        raise CommandError(found.in_words)


def weak_secret(secret: str) -> str:
    """Why this is no secret, or nothing."""
    if secret == DEMO_SECRET:
        return "known to everybody"
    if len(secret) < SHORTEST_SECRET:
        return "too short"
    return "easily guessed" if len(set(secret)) < FEWEST_CHARACTERS else ""


def refuse_weak_secret() -> None:
    """Wherever real people's sessions and links hang on it. Raises CommandError."""
    if weak := weak_secret(settings.SECRET_KEY):
        raise CommandError(f"The secret key is {weak}. {SECRET_MEND}")


def refuse_unsafe_start() -> None:
    """Raises CommandError with one line that says what to do, DatabaseError where the database does not answer."""
    refuse_weak_secret()
    if settings.DEBUG:
        raise CommandError("Unset SPORTELLO_DEBUG: its error pages show the inside of the program.")
    if "*" in settings.ALLOWED_HOSTS:
        raise CommandError(HOSTS_MEND)
    if found := misfit():
        raise CommandError(found.in_words)
