"""Was this form sent before? A double click, the back button, a resend after a time-out: one ticket, one message."""

import hashlib
import secrets
from collections.abc import Callable, Iterable

from django.db import IntegrityError, models, transaction

from sportello.tickets.models.message import Message
from sportello.tickets.querysets import SubmissionQuerySet


class Submission(models.Model):
    """One form's token with the digest of what was in it, and what came of it. Only hashes are kept."""

    token_hash = models.CharField(max_length=64)
    content_hash = models.CharField(max_length=64)
    message = models.ForeignKey(Message, models.CASCADE, related_name="submissions")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = SubmissionQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["token_hash", "content_hash"], name="submission_once_a_content")]

    def __str__(self) -> str:
        return f"submission {self.pk}"

    @classmethod
    def once(cls, token: str, content: str, make: Callable[[], Message]) -> Message:
        """What `make` made of this content under this token, now or the first time.

        Of twins that are in progress together one is kept: the other's work is taken back when it comes to be noted.
        """
        name = {"token_hash": digest([token]), "content_hash": content}
        try:
            with transaction.atomic():
                return cls._sent(**name) or cls._note(make(), **name)
        except IntegrityError:
            twin = cls._sent(**name)
            if twin is None:
                raise
            return twin

    @classmethod
    def _sent(cls, **name: str) -> Message | None:
        for pk in cls.objects.filter(**name).values_list("message", flat=True):
            return Message.objects.select_related("ticket").get(pk=pk)
        return None

    @classmethod
    def _note(cls, message: Message, **name: str) -> Message:
        cls.objects.create(message=message, **name)
        return message


def new_token() -> str:
    """For one form that is filled in."""
    return secrets.token_urlsafe(12)


def digest(parts: Iterable[str | bytes]) -> str:
    """One hash of all parts and of their borders."""
    whole = hashlib.sha256()
    for part in parts:
        content = part.encode("utf-8", "replace") if isinstance(part, str) else part
        whole.update(hashlib.sha256(content).digest())
    return whole.hexdigest()
