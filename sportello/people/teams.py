"""How is a team made and changed?"""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from sportello.kernel.rows import put
from sportello.people.models import Team

HUES = range(1, 9)


def keep_team(team: Team | None, **columns: Any) -> Team:
    """Make one, or change what is given. Raises ValidationError, by field."""
    if columns.get("hue", HUES[0]) not in HUES:
        raise ValidationError({"hue": _("Choose a colour from 1 to 8.")})
    kept = team or Team()
    put(kept, **columns)
    return kept
