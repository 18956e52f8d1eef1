"""How is a row put down with its columns as its model allows them, and how are rows found and counted anywhere?"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import IntegrityError, connection, transaction
from django.db.models import CharField, Model, Q, QuerySet

from sportello.kernel.text import one_line, storable


def counts_of(rows: Iterable[QuerySet[Any]]) -> list[int]:
    """How many each gives, in one question."""
    asked = [_count(those) for those in rows]
    parts = [sql for sql, _given in asked if sql]
    found: Iterator[int] = iter(())
    if parts:
        with connection.cursor() as cursor:
            cursor.execute(f"select {', '.join(parts)}", [value for _sql, given in asked for value in given])
            found = iter(cursor.fetchone())
    return [next(found) if sql else 0 for sql, _given in asked]


def _count(rows: QuerySet[Any]) -> tuple[str, Sequence[Any]]:
    """Nothing where it is plain without asking that there are none."""
    try:
        sql, given = rows.query.sql_with_params()
    except EmptyResultSet:
        return "", ()
    return f"(select count(*) from ({sql}) counted)", given  # noqa: S608  as Django wrote it


def put(row: Model, **columns: Any) -> None:
    """Set the columns and write them, a new row whole. Raises ValidationError, by field, before anything is written."""
    is_new = row._state.adding
    fill(row, **columns)
    others = [] if is_new else [field.name for field in row._meta.fields if field.name not in columns]
    row.full_clean(exclude=others)
    try:
        with transaction.atomic():
            row.save(**({"force_insert": True} if is_new else {"update_fields": list(columns)}))
    except IntegrityError:
        row.validate_unique()  # somebody was faster by a moment: say where
        raise


def fill(row: Model, **columns: Any) -> None:
    """Set the columns as they would be written, and write nothing."""
    for name, value in columns.items():
        setattr(row, name, _cleaned(row, name, value))


def _cleaned(row: Model, name: str, value: Any) -> Any:
    """Text without blanks at its ends; only a column of long text has lines."""
    if not isinstance(value, str):
        return value
    text = storable(value)
    return one_line(text) if isinstance(row._meta.get_field(name), CharField) else text.replace("\r\n", "\n").strip()


def in_any_case(lookup: str, words: str) -> Q:
    """A condition that finds them however they are written; SQLite itself knows the two cases of ASCII only."""
    forms = {words, words.lower(), words.upper(), words.capitalize(), words.title()}
    return Q.create([Q(**{lookup: form}) for form in forms], connector=Q.OR)
