"""Who has this ticket open right now, who is typing, and who has seen what?"""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone

from sportello.tickets.querysets import PresenceQuerySet

STAYS_SECONDS = 45
TYPING_SECONDS = 8


class Presence(models.Model):
    """Kept fresh by the open live stream, so an idle tab sends nothing."""

    ticket = models.ForeignKey("tickets.Ticket", models.CASCADE, related_name="presences", db_index=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="presences")
    until = models.DateTimeField()
    typing_until = models.DateTimeField(null=True, blank=True)
    typing_note = models.BooleanField(default=False)

    objects = PresenceQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ticket", "user"], name="presence_once_a_ticket")]

    def __str__(self) -> str:
        return f"{self.user_id} at {self.ticket_id}"

    @classmethod
    def arrive(cls, ticket_id: int, user_id: int) -> bool:
        """Note that the person is looking; True when others did not know yet."""
        now = timezone.now()
        until = now + timedelta(seconds=STAYS_SECONDS)
        known = cls.objects.filter(ticket_id=ticket_id, user_id=user_id, until__gt=now).update(until=until)
        if not known:
            cls.objects.update_or_create(ticket_id=ticket_id, user_id=user_id, defaults={"until": until})
        return not known

    @classmethod
    def leave(cls, ticket_id: int, user_id: int) -> None:
        cls.objects.filter(ticket_id=ticket_id, user_id=user_id).delete()

    @classmethod
    def type(cls, ticket_id: int, user_id: int, *, note: bool) -> None:
        now = timezone.now()
        cls.objects.update_or_create(
            ticket_id=ticket_id,
            user_id=user_id,
            defaults={
                "until": now + timedelta(seconds=STAYS_SECONDS),
                "typing_until": now + timedelta(seconds=TYPING_SECONDS),
                "typing_note": note,
            },
        )


class TicketSeen(models.Model):
    """Up to when a person has read a ticket; a customer's later message makes it unread for them."""

    ticket = models.ForeignKey("tickets.Ticket", models.CASCADE, related_name="seen")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="seen", db_index=False)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "ticket"], name="seen_once_a_ticket")]

    def __str__(self) -> str:
        return f"{self.user_id} saw {self.ticket_id}"

    @classmethod
    def mark(cls, ticket_id: int, user_id: int) -> None:
        TicketSeen.objects.bulk_create(
            [TicketSeen(ticket_id=ticket_id, user_id=user_id, at=timezone.now())],
            update_conflicts=True,
            unique_fields=["user", "ticket"],
            update_fields=["at"],
        )
