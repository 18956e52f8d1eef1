"""How is a question kept under a name? Its conditions are read before, and who works in a team shares it there."""

from typing import Any

from django.core import signing
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from sportello.kernel.rows import put
from sportello.people.models import Team, User
from sportello.people.policy import authorize
from sportello.tickets import conditions, policy, queues
from sportello.tickets.models import SavedView

RESTORABLE = 60  # seconds; the button of the desk is there for ten


class NotRestorable(Exception):
    """No view comes back by this token."""


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


def take_away(view: SavedView, *, by: User) -> str:
    """Remove it. What comes back is a token with which the same person can put it back, soon after."""
    columns = {name: getattr(view, name) for name in ("pk", "name", "owner_id", "team_id", "query", "sort")}
    view.delete()
    return signing.dumps(columns, salt=_removed_by(by), compress=True)


def put_back(token: str, *, by: User) -> SavedView:
    """As it was, under the number that it had; once, however often it is asked for.

    Raises NotRestorable for a token that is not one, is somebody else's, or came too late.
    """
    try:
        columns = signing.loads(token, salt=_removed_by(by), max_age=RESTORABLE)
    except signing.BadSignature as error:
        raise NotRestorable from error
    view, _is_back = SavedView.objects.get_or_create(pk=columns["pk"], defaults=columns)
    return view


def _removed_by(user: User) -> str:
    return f"tickets.removed-view.{user.pk}"


def checked_query(text: str, user: User) -> str:
    """The conditions as they are kept. Raises ValidationError with a sentence for each that makes no sense."""
    query = conditions.parse(text, user)
    if query.problems:
        raise ValidationError({"query": list(query.problems)})
    return str(query)


def _sees(user: User, team: Team) -> bool:
    return queues.teams_of(user).filter(pk=team.pk).exists()
