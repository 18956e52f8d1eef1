"""How does this process write to SQLite? One at a time, in order of arrival.

Django's loader forces the file name `base`.
A transaction takes its turn before BEGIN IMMEDIATE and gives it back at commit, rollback or close; a writing
statement outside a transaction takes it for itself. Other processes are waited for with SQLite's own busy timeout.
Nothing is written into a file that was taken away or replaced while it is open: it would be gone at the end.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from sqlite3 import Connection
from types import TracebackType
from typing import Any

from django.db.backends.sqlite3.base import DatabaseWrapper as SQLiteWrapper
from django.db.backends.sqlite3.base import SQLiteCursorWrapper
from django.db.utils import DatabaseErrorWrapper, OperationalError
from django.utils.functional import cached_property

from sportello.kernel.sqlite.creation import DatabaseCreation
from sportello.kernel.sqlite.queue import WriterQueue, queue_of

WRITES = ("insert", "update", "delete", "replace")
DEFAULT_TIMEOUT = 5.0  # seconds, as in Python's sqlite3
TAKEN_AWAY = "the database file was taken away or replaced while it was open"
_KNOWN: dict[str, tuple[int, int] | None] = {}  # which file lay there when this process opened it first


class QueuedCursor(SQLiteCursorWrapper):
    def __init__(self, connection: Connection, wrapper: "DatabaseWrapper") -> None:
        super().__init__(connection)
        self._wrapper = wrapper

    def execute(self, query: str, params: Any = None) -> Any:
        with self._wrapper.turn_for(query):
            return super().execute(query, params)

    def executemany(self, query: str, param_list: Any) -> Any:
        with self._wrapper.turn_for(query):
            return super().executemany(query, param_list)


class _Errors(DatabaseErrorWrapper):
    """A damaged file is a database that does not answer, as one that cannot be opened is."""

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc_value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        damaged = exc_type is SQLiteWrapper.Database.DatabaseError
        super().__exit__(SQLiteWrapper.Database.OperationalError if damaged else exc_type, exc_value, traceback)


class DatabaseWrapper(SQLiteWrapper):
    creation_class = DatabaseCreation

    @cached_property
    def wrap_database_errors(self) -> _Errors:
        return _Errors(self)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._turn: WriterQueue | None = None  # the queue whose turn this connection has
        self._file: tuple[int, int] | None = None  # which file it has open; None in memory

    def get_new_connection(self, conn_params: Any) -> Any:
        """Never makes an empty file where the one lay that this process knows."""
        path = str(self.settings_dict["NAME"])
        known = _KNOWN.get(path)
        if known is not None and known != _file_at(path):
            raise OperationalError(TAKEN_AWAY)
        connection = super().get_new_connection(conn_params)
        self._file = _KNOWN.setdefault(path, _file_at(path))
        return connection

    @property
    def is_in_place(self) -> bool:
        """Whether what is open is what lies at its path."""
        return self._file is None or self._file == _file_at(str(self.settings_dict["NAME"]))

    def create_cursor(self, name: Any = None) -> Any:
        return self.connection.cursor(factory=lambda connection: QueuedCursor(connection, self))

    @contextmanager
    def turn_for(self, query: str) -> Iterator[None]:
        """The writer's turn while a single statement writes outside a transaction."""
        if self.connection.in_transaction or not query.lstrip()[:7].lower().startswith(WRITES):
            yield
            return
        self._take_turn()
        try:
            yield
        finally:
            self._give_turn_back()

    def _take_turn(self) -> None:
        if self._turn is not None:
            return
        if not self.is_in_place:
            raise OperationalError(TAKEN_AWAY)
        queue = queue_of(str(self.settings_dict["NAME"]))
        if not queue.acquire(timeout=self.settings_dict["OPTIONS"].get("timeout", DEFAULT_TIMEOUT)):
            raise OperationalError("database is locked: another thread of this process has been writing for too long")
        self._turn = queue

    def _give_turn_back(self) -> None:
        if self._turn is not None:
            turn, self._turn = self._turn, None
            turn.release()

    def _give_turn_back_if_done(self) -> None:
        if self.connection is None or not self.connection.in_transaction:
            self._give_turn_back()

    def _start_transaction_under_autocommit(self) -> None:
        self._take_turn()
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]  # not in the stubs
        except BaseException:
            self._give_turn_back()
            raise

    def _commit(self) -> None:
        super()._commit()  # type: ignore[misc]  # not in the stubs
        self._give_turn_back_if_done()

    def _rollback(self) -> None:
        super()._rollback()  # type: ignore[misc]  # not in the stubs
        self._give_turn_back_if_done()

    def _close(self) -> None:
        try:
            super()._close()  # type: ignore[misc]  # not in the stubs
        finally:
            self._give_turn_back()


def _file_at(path: str) -> tuple[int, int] | None:
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_dev, found.st_ino
