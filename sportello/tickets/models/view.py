"""Which named questions does a person ask of the queue?"""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from sportello.people.models import Team
from sportello.tickets.querysets import SavedViewQuerySet
from sportello.tickets.words import Sort


class SavedView(models.Model):
    """A saved query in the condition language; a person's own, or shared with a team."""

    name = models.CharField(_("name"), max_length=80)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="views")
    team = models.ForeignKey(
        Team,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="views",
        verbose_name=_("team"),
        help_text=_("Share it with a team, or leave empty to keep it yours."),
    )
    query = models.CharField(_("conditions"), max_length=500, blank=True)
    sort = models.CharField(_("sort"), max_length=20, choices=Sort.choices, default=Sort.URGENCY)

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name
