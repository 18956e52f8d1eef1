"""What is in the way of a command, in one sentence? A wrong setting, or a database that does not answer."""

from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, OperationalError, ProgrammingError, connections
from environs import EnvError, EnvValidationError

ANSWER_WITHIN_SECONDS = 3
DATABASE_MEND = "Start the database, or correct DATABASE_URL."


def in_words(error: Exception) -> str:
    """Nothing where it is a mistake of the program: its trace is worth more than a sentence."""
    if isinstance(error, EnvValidationError) and isinstance(error.error_messages, list):
        name = str(error).split('"')[1]
        return f"{name} cannot be used: {' '.join(error.error_messages)}"
    if isinstance(error, (EnvError, ImproperlyConfigured)):
        return f"A setting cannot be used: {_first_line(error)}"
    if isinstance(error, (OperationalError, ProgrammingError)):
        if "no such table" in str(error) or "does not exist" in str(error):
            return f"The database has not the tables of this version ({_first_line(error)}). Run: sportello migrate"
        return f"The database does not answer: {_first_line(error)}. {DATABASE_MEND}"
    return ""


def database_trouble() -> str:
    """What the database says to somebody who knocks once; the pool would go on knocking for half a minute."""
    connection: Any = connections["default"]  # what knows its driver has no type
    try:
        if connection.vendor == "postgresql":
            with connection.wrap_database_errors:
                wanted = connection.get_connection_params() | {"connect_timeout": ANSWER_WITHIN_SECONDS}
                connection.Database.connect(**wanted).close()
        else:
            connection.ensure_connection()
    except DatabaseError as error:
        return _first_line(error)
    return ""


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0].rstrip(". ")
