"""How is a question kept under a name? Its conditions are read before, and it is shared only with one's own team."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from sportello.kernel.rows import put
from sportello.people.models import Team, User
from sportello.tickets import conditions, queues
from sportello.tickets.models import SavedView


def keep_view(view: SavedView, *, by: User, **columns: Any) -> SavedView:
    """Set `name`, `query`, `sort` and `team`, what of them is given. Raises ValidationError, by field."""
    if "query" in columns:
        columns["query"] = checked_query(columns["query"], by)
    if columns.get("team") is not None and not _sees(by, columns["team"]):
        raise ValidationError({"team": _("There is no such team.")})
    put(view, **columns)
    return view


def checked_query(text: str, user: User) -> str:
    """The conditions as they are kept. Raises ValidationError with a sentence for each that makes no sense."""
    query = conditions.parse(text, user)
    if query.problems:
        raise ValidationError({"query": list(query.problems)})
    return str(query)


def _sees(user: User, team: Team) -> bool:
    return queues.teams_of(user).filter(pk=team.pk).exists()
