"""Who may change people, teams and organisations?"""

from django.core.exceptions import PermissionDenied

from sportello.people.models import Organisation, User
from sportello.people.models.organisation import organisation_of_address
from sportello.people.roles import Right, Role


def can_use_desk(user: User) -> bool:
    return user.is_active and user.is_staff


def can_administer(user: User) -> bool:
    """Settings of the whole installation."""
    return user.is_active and user.is_administrator


def can_edit_person(user: User, person: User) -> bool:
    """Name, language and time zone: everybody's own, and of those whose record the person keeps."""
    return user.is_active if user.pk == person.pk else can_keep_record(user, person)


def can_keep_record(user: User, person: User) -> bool:
    """Where somebody belongs, and the note on them. Agents keep customers', administrators staff's, nobody their own.

    An organisation may let its people read each other's requests: whoever chose their own would choose what they see.
    """
    if user.pk == person.pk:
        return False
    return can_administer(user) if person.is_staff else can_add_customers(user)


def can_place(user: User, person: User, organisation: Organisation | None) -> bool:
    """Say that somebody belongs there, or nowhere. Whom agents made up themselves must not read on their behalf.

    So where people read each other's requests, agents put only those whose address is at one of its domains.
    """
    if not can_keep_record(user, person):
        return False
    if organisation is None or not organisation.shares_requests or organisation.pk == person.organisation_id:
        return True
    return can_edit_organisations(user) or organisation_of_address(person.address) == organisation


def can_know(user: User, person: User) -> bool:
    """More of them than what customers call them: our own people stay private, to customers alone."""
    return person.role == Role.CUSTOMER or user.pk == person.pk or can_use_desk(user)


def can_add_customers(user: User) -> bool:
    """Who works on requests in some team; light agents do not."""
    return user.teams_with(Right.CHANGE) != []


def can_appoint(user: User, person: User) -> bool:
    """Say what a colleague is, and in which teams. Nobody decides that about themself, administrators neither."""
    return can_administer(user) and user.pk != person.pk


def can_edit_organisations(user: User) -> bool:
    """Their domains decide who belongs together, and perhaps reads each other's requests: administrators."""
    return can_administer(user)


def authorize(allowed: bool) -> None:  # noqa: FBT001  reads as authorize(policy.can_reply(user, ticket))
    """Refuse an act that the policy does not allow. Raises PermissionDenied (403)."""
    if not allowed:
        raise PermissionDenied
