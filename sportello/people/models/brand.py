"""Under whose name does this installation speak, and which language and time does it keep?"""

from typing import Any

from django.core.cache import cache
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from sportello.kernel.rows import put
from sportello.people.regions import check_region

_CACHED_AS = "people.brand"
_CACHED_SECONDS = 5
THE_ONE = 1
UNSAID = "Sportello"


class Brand(models.Model):
    """One row. Pages read `Brand.current()`, which asks the database once in a few seconds."""

    name = models.CharField(_("name"), max_length=100)
    tagline = models.CharField(_("tagline"), max_length=60, blank=True)
    footer = models.CharField(_("footer"), max_length=200, blank=True)
    language = models.CharField(_("language"), max_length=10, default="en")
    time_zone = models.CharField(_("time zone"), max_length=64, default="Europe/Rome")

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=THE_ONE), name="brand_only_one")]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def current(cls) -> "Brand":
        """The firm's, or the defaults while nobody has said it."""
        found: Brand | None = cache.get(_CACHED_AS)
        if found is None:
            found = cls.objects.filter(pk=THE_ONE).first() or cls(pk=THE_ONE, name=UNSAID)
            cache.set(_CACHED_AS, found, _CACHED_SECONDS)
        return found

    @classmethod
    def put(cls, **columns: Any) -> "Brand":
        """Say it, or say it anew. This process knows at once, others within seconds. Raises ValidationError."""
        brand = cls.objects.filter(pk=THE_ONE).first() or cls(pk=THE_ONE, name=UNSAID)
        check_region(brand, columns)
        put(brand, **columns)
        cache.delete(_CACHED_AS)
        return brand
