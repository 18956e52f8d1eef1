"""What does a form say when a verb refuses what was typed? The same as when the form itself does."""

from collections.abc import Callable
from typing import TypeVar

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.forms import BaseForm

T = TypeVar("T")


def kept(form: BaseForm, keep: Callable[[], T]) -> T | None:
    """What it keeps, of what was sent. None where it is wrong, and then it says why: beside a field, or above all."""
    if not form.is_valid():
        return None
    try:
        return keep()
    except ValidationError as refusal:
        named = refusal.error_dict if hasattr(refusal, "error_dict") else {NON_FIELD_ERRORS: refusal.error_list}
        for name, errors in named.items():
            form.add_error(name if name in form.fields else None, ValidationError(errors))
        return None
