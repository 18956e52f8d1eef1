"""Is this the right password? Any of a person's addresses signs them in."""

from typing import Any

from django.contrib.auth.backends import BaseBackend
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
        return User.objects.filter(pk=user_id, is_active=True).select_related("organisation").first()
