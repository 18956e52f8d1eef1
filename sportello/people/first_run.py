"""How does an empty installation get its first administrator? Once, whoever comes first."""

from dataclasses import dataclass

from django.db import transaction

from sportello.people.models import Brand, Team, User
from sportello.people.models.brand import THE_ONE
from sportello.people.roles import Role


class SetUpAlready(Exception):
    """There is an administrator; ask them."""


@dataclass(frozen=True)
class Founding:
    firm: str
    name: str
    address: str
    password: str
    team: str
    language: str
    time_zone: str


def is_waiting() -> bool:
    """Whether nobody has ever been administrator here."""
    return not User.objects.ever_administrators().exists()


@transaction.atomic
def set_up(founding: Founding) -> User:
    """Raises SetUpAlready, also for whoever of two at the same moment comes second."""
    Brand.objects.get_or_create(pk=THE_ONE)
    Brand.objects.select_for_update().get(pk=THE_ONE)  # the second one waits here until the first is done
    if not is_waiting():
        raise SetUpAlready
    Brand.put(name=founding.firm, language=founding.language, time_zone=founding.time_zone)
    Team.objects.get_or_create(name=founding.team)
    return _administrator(founding)


def _administrator(founding: Founding) -> User:
    """A new person, or the one who has written from that address before."""
    user = User.objects.at_address(founding.address) or User.objects.create_user(founding.address)
    user.rename(founding.name)
    user.role = Role.ADMINISTRATOR
    user.language, user.time_zone = founding.language, founding.time_zone
    user.set_password(founding.password)
    user.save(update_fields=["role", "language", "time_zone", "password"])
    user.confirm_address(founding.address)
    return user
