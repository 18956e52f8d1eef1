"""How is a row put down with its columns as its model allows them? One way for forms, programs and commands."""

from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import CharField, Model

from sportello.kernel.text import one_line, storable


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
