"""How does an empty installation get its first administrator? Once, whoever comes first and knows its code."""

import base64
from dataclasses import dataclass

from django.db import transaction
from django.utils.crypto import constant_time_compare, salted_hmac

from sportello.kernel.text import one_line
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


def begin_empty() -> None:
    """Without the demo, also at later starts that do not say so."""
    Brand.objects.get_or_create(pk=THE_ONE)


def was_begun() -> bool:
    """Whether this is a desk already, be it one that waits for its first administrator."""
    return User.objects.staff().exists() or Brand.objects.filter(pk=THE_ONE).exists()


def setup_code() -> str:
    """It is told where the program is started, so that no stranger is faster: twelve letters and digits, in fours.

    The same for all processes of an installation, since it comes from the secret key; of no use once somebody is there.
    """
    letters = base64.b32encode(salted_hmac("sportello.first-run", "code", algorithm="sha256").digest()).decode()
    return "-".join(letters[start : start + 4] for start in (0, 4, 8))


def is_setup_code(text: str) -> bool:
    """In whatever case, with or without what stands between."""
    typed, wanted = ("".join(filter(str.isalnum, code.upper())) for code in (text, setup_code()))
    return constant_time_compare(typed, wanted)


@transaction.atomic
def set_up(founding: Founding) -> User:
    """Raises SetUpAlready, also for whoever of two at the same moment comes second."""
    Brand.objects.get_or_create(pk=THE_ONE)
    Brand.objects.select_for_update().get(pk=THE_ONE)  # the second one waits here until the first is done
    if not is_waiting():
        raise SetUpAlready
    Brand.put(name=founding.firm, language=founding.language, time_zone=founding.time_zone)
    Team.objects.get_or_create(name=one_line(founding.team))
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
