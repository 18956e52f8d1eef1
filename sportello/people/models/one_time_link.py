"""May whoever holds this link act as that person, once? For signing in, a new password, an address to confirm."""

import hashlib
import secrets
from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.utils import timezone

from sportello.kernel.addresses import address_key
from sportello.people.querysets import OneTimeLinkQuerySet

if TYPE_CHECKING:
    from sportello.people.models.user import User

VALID_FOR = timedelta(hours=1)


class Purpose(models.TextChoices):
    SIGN_IN = "sign_in"
    PASSWORD = "password"  # noqa: S105  a purpose, no secret
    ADDRESS = "address"


class OneTimeLink(models.Model):
    """Only the token's hash is kept, so that nobody who reads the table can use it."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="one_time_links")
    purpose = models.CharField(max_length=10, choices=Purpose.choices)
    address = models.CharField(max_length=254)
    token_hash = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    objects = OneTimeLinkQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["expires_at"], name="one_time_link_by_expiry")]

    def __str__(self) -> str:
        return f"{self.purpose} for {self.user_id}"

    @classmethod
    def issue(cls, user: "User", purpose: Purpose, address: str) -> str:
        """A new link for the person at one of their addresses; returns its token, which is kept nowhere."""
        token = secrets.token_urlsafe(32)
        cls.objects.create(
            user=user,
            purpose=purpose,
            address=address,
            token_hash=hash_of(token),
            expires_at=timezone.now() + VALID_FOR,
        )
        return token

    @classmethod
    def find(cls, token: str, purpose: Purpose) -> "OneTimeLink | None":
        """The link, if it still works, its person may come in, and the address that it went to is still theirs."""
        links = cls.objects.usable().for_purpose(purpose).select_related("user")
        found = links.filter(token_hash=hash_of(token), user__is_active=True).first()
        if found and purpose != Purpose.ADDRESS and not found.user.addresses.at(address_key(found.address)).exists():
            return None
        return found

    def use(self) -> bool:
        """True for one caller, once."""
        return type(self).objects.usable().filter(pk=self.pk).update(used_at=timezone.now()) == 1


def hash_of(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
