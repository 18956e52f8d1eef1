"""What can be found, and by whom?"""

from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper


class WordsField(models.Field[Any, Any]):
    """The words of an entry in the form that its database searches; only `kernel.search` reads or writes it.

    PostgreSQL searches the column itself. SQLite 3.40 searches a table beside it that keeps no text (contentless
    FTS5), and can take an entry out of that table only when told the old words again: here they are.
    """

    def db_type(self, connection: BaseDatabaseWrapper) -> str:
        return "tsvector" if connection.vendor == "postgresql" else "text"


class SearchEntry(models.Model):
    """One text that can be found. A container (a ticket) holds many, and all lie in its one scope (a team)."""

    kind = models.CharField(max_length=20)
    ref = models.BigIntegerField()
    container = models.BigIntegerField()
    scope = models.BigIntegerField()
    words = WordsField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "ref"], name="search_entry_once")]
        indexes = [models.Index(fields=["container"], name="search_entry_container")]

    def __str__(self) -> str:
        return f"{self.kind} {self.ref}"
