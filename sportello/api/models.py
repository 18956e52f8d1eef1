"""Which programs may speak for a person, for how long, and how far?"""

from typing import Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from sportello.people.models import User


class Scope(models.TextChoices):
    READ = "read", pgettext_lazy("right", "Read")
    WRITE = "write", _("Read and write")
    ADMIN = "admin", _("Everything, settings too")


class TokenQuerySet(models.QuerySet["Token"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(user=user)

    def in_force(self) -> Self:
        now = timezone.now()
        return self.filter(models.Q(expires_at=None) | models.Q(expires_at__gt=now), revoked_at=None)

    def revoke(self) -> int:
        """How many were still in force."""
        return self.in_force().update(revoked_at=timezone.now())

    def with_digest(self, digest: str) -> Self:
        """The one of this digest, with its person."""
        return self.filter(digest=digest).select_related("user__organisation")


class Token(models.Model):
    """A bearer token. Only its hash is kept: it is shown once, when it is made."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="tokens")
    name = models.CharField(_("name"), max_length=100)
    digest = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(default=list)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(_("valid until"), null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)

    objects = TokenQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.name} of {self.user_id}"

    def allows(self, scope: str) -> bool:
        """Each scope includes those before it."""
        scopes = Scope.values
        return any(scopes.index(granted) >= scopes.index(scope) for granted in self.scopes)

    @property
    def reach(self) -> str:
        """The widest of its scopes, for people."""
        widest = [scope for scope in Scope if scope in self.scopes][-1:]
        return str(widest[0].label) if widest else ""

    def revoke(self) -> None:
        type(self).objects.filter(pk=self.pk, revoked_at=None).update(revoked_at=timezone.now())
