"""What do we know of a person, and how is it kept?"""

from typing import Any

from django.db import transaction

from sportello.kernel.rows import put
from sportello.people.models import User
from sportello.people.regions import check_region


@transaction.atomic
def keep_profile(person: User, **columns: Any) -> User:
    """Set `name`, `language`, `time_zone`, `organisation` and `note`, what of them is given.

    Raises ValidationError, by field.
    """
    check_region(person, columns)
    name = columns.pop("name", None)
    if columns:
        put(person, **columns)
    if name is not None:
        person.rename(name)
    return person
