"""How is a question kept under a name? Its conditions are read before, and who works in a team shares it there."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from sportello.kernel.rows import put
from sportello.people.models import Team, User
from sportello.people.policy import authorize
from sportello.tickets import conditions, policy, queues
from sportello.tickets.models import SavedView


@transaction.atomic
def keep_view(view: SavedView, *, by: User, **columns: Any) -> SavedView:
    """Set `name`, `query`, `sort` and `team`, what of them is given. A new one that is there already stays one.

    Raises ValidationError, by field, and PermissionDenied.
    """
    if "query" in columns:
        columns["query"] = checked_query(columns["query"], by)
    if columns.get("team") is not None:
        if not _sees(by, columns["team"]):
            raise ValidationError({"team": _("There is no such team.")})
        authorize(policy.can_share_view(by, columns["team"].pk))
    is_new = view.pk is None
    if is_new:
        User.objects.select_for_update().get(pk=view.owner_id)  # of a double click, one after the other
    put(view, **columns)
    twin = SavedView.objects.twin_of(view) if is_new else None
    if twin:
        view.delete()
    return twin or view


def take_away(view: SavedView) -> dict[str, Any]:
    """Remove it. What comes back is all that `put_back` needs, and fits into JSON."""
    columns = {name: getattr(view, name) for name in ("pk", "name", "owner_id", "team_id", "query", "sort")}
    view.delete()
    return columns


def put_back(columns: dict[str, Any]) -> SavedView:
    """As it was, under the number that it had; once, however often it is asked for."""
    view, _is_back = SavedView.objects.get_or_create(pk=columns["pk"], defaults=columns)
    return view


def checked_query(text: str, user: User) -> str:
    """The conditions as they are kept. Raises ValidationError with a sentence for each that makes no sense."""
    query = conditions.parse(text, user)
    if query.problems:
        raise ValidationError({"query": list(query.problems)})
    return str(query)


def _sees(user: User, team: Team) -> bool:
    return queues.teams_of(user).filter(pk=team.pk).exists()
