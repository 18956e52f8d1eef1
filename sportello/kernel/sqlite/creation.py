"""Where does the test database live? In a file, since threads, processes and WAL are part of what is tested."""

import shutil
import tempfile
from pathlib import Path

from django.db.backends.sqlite3.creation import DatabaseCreation as SQLiteCreation
from django.utils.functional import cached_property


class DatabaseCreation(SQLiteCreation):
    @cached_property
    def _folder(self) -> Path:
        return Path(tempfile.mkdtemp(prefix="sportello-test-"))

    def _get_test_db_name(self) -> str:
        return str(self._folder / "test.sqlite3")

    def _destroy_test_db(self, test_database_name: str, verbosity: int) -> None:
        shutil.rmtree(self._folder)
