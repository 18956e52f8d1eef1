"""Where does a process hear what all processes publish? One connection of its own, to whichever database there is."""

import sqlite3
import time
from typing import Any, Protocol

from django.db import DEFAULT_DB_ALIAS, connections

from sportello.kernel.live.signals import CHANNEL, Signal, from_payload, from_row

LOOK_EVERY = 0.1  # seconds; a look at SQLite's data_version costs about 10 microseconds
ANSWER_WITHIN = 0.5  # seconds that a read of PostgreSQL waits before it lets the hub check whether to stop
KEEP_ALIVE = {"keepalives_idle": 30, "keepalives_interval": 10, "keepalives_count": 3}


class Source(Protocol):
    """Signals committed since it was opened. Raises what the driver raises when the database is lost."""

    def read(self) -> list[Signal]:
        """The next ones, or none after a short while."""

    def close(self) -> None: ...


class PostgreSQLSource:
    def __init__(self, parameters: dict[str, Any]) -> None:
        import psycopg  # only where it is used: it takes a quarter of a second to read

        self._connection = psycopg.connect(**{**KEEP_ALIVE, **parameters}, autocommit=True)
        self._connection.execute(f"listen {CHANNEL}")

    def read(self) -> list[Signal]:
        heard = self._connection.notifies(timeout=ANSWER_WITHIN, stop_after=1)
        return [from_payload(notification.payload) for notification in heard]

    def close(self) -> None:
        self._connection.close()


class SQLiteSource:
    """`data_version` moves when another connection has committed anything; only then the table is looked at."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._version = self._look()
        self._last_id: int = self._one("select coalesce(max(id), 0) from kernel_livesignal")

    def read(self) -> list[Signal]:
        time.sleep(LOOK_EVERY)
        version = self._look()
        if version == self._version:
            return []
        self._version = version
        rows = self._connection.execute(
            "select id, topic, data from kernel_livesignal where id > ? order by id", [self._last_id]
        ).fetchall()
        if rows:
            self._last_id = rows[-1][0]
        return [from_row(topic, data) for _, topic, data in rows]

    def close(self) -> None:
        self._connection.close()

    def _look(self) -> int:
        return self._one("pragma data_version")

    def _one(self, query: str) -> int:
        number: int = self._connection.execute(query).fetchone()[0]
        return number


def open_source() -> Source:
    wrapper = connections[DEFAULT_DB_ALIAS].copy()
    parameters = wrapper.get_connection_params()
    if wrapper.vendor == "postgresql":
        return PostgreSQLSource(parameters)
    return SQLiteSource(wrapper.get_new_connection(parameters))
