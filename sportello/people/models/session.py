"""Where is a person signed in, and how is that ended?"""

from django.contrib.sessions.models import Session
from django.db import models, transaction
from django.utils import timezone

from sportello.people.querysets import SignedInSessionQuerySet


class SignedInSession(models.Model):
    """One browser that is signed in. Ending it deletes the browser's session, so the next click asks to sign in."""

    user = models.ForeignKey("people.User", models.CASCADE, related_name="sessions")
    session_key = models.CharField(max_length=40, unique=True)
    browser = models.CharField(max_length=200, blank=True)
    ip_address = models.GenericIPAddressField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    last_seen_at = models.DateTimeField(auto_now_add=True)

    objects = SignedInSessionQuerySet.as_manager()

    class Meta:
        ordering = ["-last_seen_at", "-id"]

    def __str__(self) -> str:
        return f"session of {self.user_id}"

    @classmethod
    def note_seen(cls, session_key: str) -> None:
        cls.objects.filter(session_key=session_key).update(last_seen_at=timezone.now())

    @classmethod
    def note_new_key(cls, old_key: str | None, new_key: str | None) -> None:
        """The browser stays signed in under another key."""
        cls.objects.filter(session_key=old_key).update(session_key=new_key)

    @transaction.atomic
    def end(self) -> None:
        Session.objects.filter(session_key=self.session_key).delete()
        self.delete()
