"""What must a database do so that entries can be found in it? `sqlite.py` and `postgresql.py` answer."""

from typing import Protocol

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models.expressions import RawSQL

from sportello.kernel.search.postgresql import PostgreSQLEngine
from sportello.kernel.search.query import Query
from sportello.kernel.search.reach import Entry, Hit, Reach
from sportello.kernel.search.sqlite import SQLiteEngine
from sportello.kernel.search.words import Words


class Engine(Protocol):
    def write(self, entry: Entry, words: Words) -> None: ...

    def move(self, container: int, scope: int) -> None: ...

    def forget(self, container: int) -> None: ...

    def find(self, query: Query, reach: Reach, limit: int) -> list[Hit]:
        """The newest first: by the number of the entry, never by rank, which would read every match."""

    def matching(self, query: Query, reach: Reach, column: str) -> RawSQL:
        """The column of every match, for a larger statement."""


def engine() -> Engine:
    connection = connections[DEFAULT_DB_ALIAS]
    return PostgreSQLEngine(connection) if connection.vendor == "postgresql" else SQLiteEngine(connection)
