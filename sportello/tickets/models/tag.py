"""Which words sort this ticket, and who else follows it?"""

import re

from django.conf import settings
from django.db import models

LONGEST_TAG = 50


class Tag(models.Model):
    name = models.CharField(max_length=LONGEST_TAG, unique=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @staticmethod
    def clean_name(name: str) -> str:
        """Lower case, words joined by hyphens, so that `VPN access` and `vpn-access` are one tag."""
        return re.sub(r'[\s,"\x00-\x1f\ud800-\udfff]+', "-", name.strip().lower())[:LONGEST_TAG].strip("-")

    @classmethod
    def named(cls, name: str) -> "Tag":
        return cls.objects.get_or_create(name=cls.clean_name(name))[0]


class TicketTag(models.Model):
    ticket = models.ForeignKey("tickets.Ticket", models.CASCADE, related_name="ticket_tags", db_index=False)
    tag = models.ForeignKey(Tag, models.PROTECT, related_name="ticket_tags")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ticket", "tag"], name="tag_once_a_ticket")]

    def __str__(self) -> str:
        return f"{self.tag_id} on {self.ticket_id}"


class Participant(models.Model):
    """A person in copy: sees the public thread and gets the answers."""

    ticket = models.ForeignKey("tickets.Ticket", models.CASCADE, related_name="participant_rows", db_index=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="participant_rows")
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ticket", "user"], name="participant_once_a_ticket")]

    def __str__(self) -> str:
        return f"{self.user_id} follows {self.ticket_id}"
