"""When must the program refuse to start? In production with a known secret, debug pages, or an unfinished database."""

from django.conf import settings
from django.core.management.base import CommandError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from sportello.config.env import DEMO_SECRET

SHORTEST_SECRET = 32
FEWEST_CHARACTERS = 8  # different ones; a secret in hexadecimal digits has about sixteen
SECRET_MEND = f"Set SPORTELLO_SECRET_KEY to a secret of your own of at least {SHORTEST_SECRET} random characters."

HOSTS_MEND = "Name your hosts in SPORTELLO_HOSTS instead of *."


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
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise CommandError("The database does not fit this version. Run: sportello migrate")
