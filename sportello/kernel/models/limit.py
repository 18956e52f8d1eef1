"""How often was something done in the current window, by whom we do not say?"""

from django.db import models


class Limit(models.Model):
    """A counter that is worth nothing after `resets_at_ms` (milliseconds since 1970)."""

    name = models.CharField(max_length=60)
    key_hash = models.CharField(max_length=64)
    count = models.PositiveIntegerField()
    resets_at_ms = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "key_hash"], name="limit_name_and_key")]

    def __str__(self) -> str:
        return f"{self.name}: {self.count}"
