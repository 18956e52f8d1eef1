"""Is this the right password, and what does a new one end? Any of a person's addresses signs them in."""

from typing import Any

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


@transaction.atomic
def change_password(user: User, password: str, *, but_session: str | None = None) -> None:
    """Whoever is signed in elsewhere is signed out, and links that were mailed stop working."""
    user.set_password(password)
    user.save(update_fields=["password"])
    user.one_time_links.all().delete()
    for session in user.sessions.but(but_session):
        session.end()
