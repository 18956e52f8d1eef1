"""Is this the right password, and what does a new one end? Any of a person's addresses signs them in."""

from collections.abc import Callable
from typing import Any, Protocol

from django.contrib.auth.backends import BaseBackend
from django.db import transaction
from django.http import HttpRequest

from sportello.people.models import User

LONGEST_PASSWORD = 1024


class AddressBackend(BaseBackend):
    """Takes as long for an unknown address as for a wrong password, so that nobody can ask who is known."""

    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **_: Any
    ) -> User | None:
        if not username or not password or len(password) > LONGEST_PASSWORD:
            return None
        user = User.objects.at_address(username)
        if user is None or not user.has_usable_password():
            User().set_password(password)
            return None
        return user if user.check_password(password) and user.is_active else None

    def get_user(self, user_id: int) -> User | None:
        try:
            found: User = User.objects.select_related("organisation").get(pk=user_id, is_active=True)
        except User.DoesNotExist:
            return None
        return found


class Keys(Protocol):
    """What opens in a person's name beside their password: tokens of programs."""

    def count(self) -> int: ...

    def revoke(self) -> int:
        """Returns how many."""
        ...


_keys_of: list[Callable[[User], Keys]] = []


def ends_with_the_password(keys_of: Callable[[User], Keys]) -> None:
    """The door that gives out keys registers how to find those of a person that are in force."""
    _keys_of[:] = [keys_of]


def count_keys(user: User) -> int:
    """How many a new password would end."""
    return sum(keys_of(user).count() for keys_of in _keys_of)


@transaction.atomic
def change_password(user: User, password: str, *, but_session: str | None = None) -> int:
    """Whoever is signed in elsewhere is signed out, and links that were mailed and keys that were made stop working.

    Returns how many keys those were: whoever stole the old password may have made one.
    """
    user.set_password(password)
    user.save(update_fields=["password"])
    user.one_time_links.all().delete()
    for session in user.sessions.but(but_session):
        session.end()
    return sum(keys_of(user).revoke() for keys_of in _keys_of)
