"""How is a team made and changed?"""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from sportello.kernel.rows import put
from sportello.people.models import Team
from sportello.people.models.team import LONGEST_FOLLOW_UP_DAYS, Membership

HUES = range(1, 9)


def keep_team(team: Team | None, **columns: Any) -> Team:
    """Make one, or change what is given. Raises ValidationError, by field."""
    if columns.get("hue", HUES[0]) not in HUES:
        raise ValidationError({"hue": _("Choose a colour from 1 to 8.")})
    if not 0 <= columns.get("follow_up_days", 0) <= LONGEST_FOLLOW_UP_DAYS:
        most = {"most": LONGEST_FOLLOW_UP_DAYS}
        raise ValidationError({"follow_up_days": _("Choose a number of days from 0 to %(most)s.") % most})
    kept = team or Team()
    put(kept, **columns)
    return kept


def members_of(team: Team) -> list[Membership]:
    """With their people, by name; without those who may not sign in."""
    return list(team.memberships.filter(user__is_active=True).select_related("user").order_by("user__name", "user_id"))
