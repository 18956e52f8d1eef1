"""What is in the way of a command, in one sentence? A wrong setting, or a database that does not answer."""

import sqlite3
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, OperationalError, ProgrammingError, connections
from environs import EnvError, EnvValidationError

from sportello.kernel.room import is_disk_full

ANSWER_WITHIN_SECONDS = 3
WHAT_IT_IS = {"Not a valid boolean.": "It is 1 or 0.", "Not a valid integer.": "It is a whole number, such as 20."}
DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def in_words(error: Exception) -> str:
    """Nothing where it is a mistake of the program: its trace is worth more than a sentence."""
    if isinstance(error, EnvValidationError) and isinstance(error.error_messages, list):
        name = str(error).split('"')[1]
        return f"{name} cannot be used: {' '.join(WHAT_IT_IS.get(said, said) for said in error.error_messages)}"
    if isinstance(error, (EnvError, ImproperlyConfigured)):
        return f"A setting cannot be used: {_first_line(error)}"
    if is_disk_full(error):
        return "The disk is full. Make room, and start it again: what was taken in is kept."
    if isinstance(error, (OperationalError, ProgrammingError)):
        if _misses_table(error):
            return f"The database has not the tables of this version ({_first_line(error)}). Run: sportello migrate"
        return f"{no_answer(error)}. {database_mend(error)}"
    return ""


def _misses_table(error: DatabaseError) -> bool:
    """Where the whole database "does not exist", PostgreSQL refuses the connection, which is no ProgrammingError."""
    said = str(error)
    return "no such table" in said or (isinstance(error, ProgrammingError) and "does not exist" in said)


def no_answer(error: DatabaseError) -> str:
    return f"The database does not answer: {_first_line(error)}"


def database_mend(error: DatabaseError) -> str:
    connection = connections["default"]
    if connection.vendor != "sqlite":
        return "Start the database, or correct DATABASE_URL."
    file = connection.settings_dict["NAME"]
    if getattr(error.__cause__, "sqlite_errorcode", 0) & 0xFF in DAMAGED:  # the rest says more exactly how
        return f"{file} is damaged: stop the program, and bring that file back from a backup."
    return f"See that this user may read and write {file}, that its disk has room, and that no other program holds it."


def knock() -> None:
    """Ask once whether the database is there; the pool would go on for seconds. Raises DatabaseError."""
    connection: Any = connections["default"]  # what knows its driver has no type
    if connection.vendor == "postgresql":
        with connection.wrap_database_errors:
            wanted = connection.get_connection_params() | {"connect_timeout": ANSWER_WITHIN_SECONDS}
            connection.Database.connect(**wanted).close()
    else:
        connection.ensure_connection()


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0].rstrip(". ")
