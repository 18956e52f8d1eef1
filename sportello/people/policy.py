"""Who may change people, teams and organisations?"""

from django.core.exceptions import PermissionDenied

from sportello.people.models import User
from sportello.people.roles import Right


def can_use_desk(user: User) -> bool:
    return user.is_active and user.is_staff


def can_administer(user: User) -> bool:
    """Settings of the whole installation."""
    return user.is_active and user.is_administrator


def can_edit_person(user: User, person: User) -> bool:
    """Agents keep customers' data; only administrators touch staff; everyone edits themself."""
    if user.pk == person.pk:
        return user.is_active
    if person.is_staff:
        return can_administer(user)
    teams = user.teams_with(Right.CHANGE)
    return teams is None or bool(teams)


def can_keep_record(user: User, person: User) -> bool:
    """What the desk alone knows of a person: where they belong, and the note about them."""
    return user.is_staff and can_edit_person(user, person)


def can_edit_organisations(user: User) -> bool:
    """Their domains decide who belongs together, and perhaps reads each other's requests: administrators."""
    return can_administer(user)


def authorize(allowed: bool) -> None:  # noqa: FBT001  reads as authorize(policy.can_reply(user, ticket))
    """Refuse an act that the policy does not allow. Raises PermissionDenied (403)."""
    if not allowed:
        raise PermissionDenied
