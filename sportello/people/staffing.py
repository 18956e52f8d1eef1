"""Who works at the desk, as what, and in which teams? Somebody always stays who may change that."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from sportello.kernel.addresses import address_key, usable_address
from sportello.kernel.rows import put
from sportello.kernel.slots import Slot
from sportello.people.models import Team, User
from sportello.people.models.team import join_team, leave_team
from sportello.people.roles import STAFF, Role

ROLES = (*STAFF, Role.CUSTOMER)
How = Callable[[int], object]
_invitation: Slot[How] = Slot("how a new colleague gets in")


@dataclass(frozen=True)
class Post:
    """What a colleague is. `teams` gives their role by the number of each team in use; None leaves it as it is."""

    name: str
    address: str
    role: str
    is_active: bool = True
    teams: Mapping[int, str] | None = None


def post_of(person: User) -> Post:
    return Post(person.name, person.address, person.role, person.is_active)


def invite_by(how: How) -> None:
    """`account` says how a new colleague, of this number, gets in."""
    _invitation.fill(how)


@transaction.atomic
def take_on(post: Post) -> User:
    """Somebody new, who is told how to sign in. Raises ValidationError, by field."""
    person = keep_colleague(None, post)
    if person.is_active:
        _invitation.given(person.pk)
    return person


@transaction.atomic
def keep_colleague(person: User | None, post: Post) -> User:
    """Take somebody on, or change what they are. Raises ValidationError, by field."""
    _check_address(person, post.address)
    _check_role(person, post)
    kept = person or _new(post)
    put(kept, role=post.role, is_active=post.is_active)
    kept.rename(post.name)
    _write_to(kept, post.address)
    if post.teams is not None:
        _place(kept, post.teams)
    return kept


def _new(post: Post) -> User:
    try:
        return User.objects.create_user(post.address, post.name)
    except IntegrityError as error:  # somebody was faster by a moment
        raise ValidationError({"address": _("Somebody already has that address.")}) from error


def _check_address(person: User | None, address: str) -> None:
    if usable_address(address) is None:
        raise ValidationError({"address": _("Write the address like name@example.com.")})
    owner = User.objects.at_address(address)
    if owner and person is None and not owner.is_staff:
        where = _("They write to you as a customer already: open them under People, and choose “Role and teams”.")
        raise ValidationError({"address": where})
    if owner and (person is None or owner.pk != person.pk):
        raise ValidationError({"address": _("Somebody already has that address.")})


def _check_role(person: User | None, post: Post) -> None:
    """Of two administrators who take the role from each other at one moment, the second waits here, and stays."""
    if post.role not in ROLES:
        raise ValidationError({"role": _("There is no such role.")})
    administrators = set(User.objects.administrators().select_for_update().values_list("pk", flat=True))
    stays = post.role == Role.ADMINISTRATOR and post.is_active
    if person and administrators == {person.pk} and not stays:
        raise ValidationError({"role": _("This is the last administrator. Name another one first.")})


def _write_to(person: User, address: str) -> None:
    """What it replaces was a typing mistake, unless the person has confirmed it: then it stays theirs beside it."""
    before = person.address
    if address_key(address) == person.address:
        return
    try:
        with transaction.atomic():
            own = person.addresses.at(address_key(address)).first() or person.add_address(address)
    except IntegrityError as error:  # somebody was faster by a moment
        raise ValidationError({"address": _("Somebody already has that address.")}) from error
    person.make_primary(own)
    for mistyped in person.addresses.at(before).exclude(pk=own.pk).unverified():
        person.give_up(mistyped)


def _place(person: User, teams: Mapping[int, str]) -> None:
    for team in Team.objects.active():
        if teams.get(team.pk):
            join_team(person, team, teams[team.pk])
        else:
            leave_team(person, team)
