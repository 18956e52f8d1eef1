"""What was said? Messages are kept for ever; a taken-back reply stays, marked, and customers never saw it."""

from collections.abc import Sequence

from django.conf import settings
from django.db import models

from sportello.kernel.html import enclosed_in
from sportello.kernel.models import Blob
from sportello.kernel.pictures import PICTURES
from sportello.tickets.querysets import AttachmentQuerySet, MessageQuerySet
from sportello.tickets.words import Channel, MessageKind

HELD = "held"  # the code of a reason: a machine may have sent it, so nothing automatic follows


class Message(models.Model):
    ticket = models.ForeignKey("tickets.Ticket", models.CASCADE, related_name="messages", db_index=False)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="messages")
    kind = models.CharField(max_length=10, choices=MessageKind.choices, default=MessageKind.PUBLIC)
    # by which it came or leaves; a note stays here, and has none
    channel = models.CharField(max_length=20, choices=Channel.choices, default=Channel.EMAIL, blank=True)
    # from the customer's side (1) or ours (0)
    incoming = models.PositiveSmallIntegerField(default=0)
    text = models.TextField(blank=True)
    quoted_text = models.TextField(blank=True)
    # sanitised at intake; empty when the message is plain text
    html = models.TextField(blank=True)
    quoted_html = models.TextField(blank=True)
    remote_images = models.PositiveIntegerField(default=0)
    language = models.CharField(max_length=10, blank=True)
    # who it was addressed to: {"to": [address, …], "cc": […]}
    recipients = models.JSONField(default=dict, blank=True)
    # the message as it arrived, byte for byte
    raw = models.ForeignKey(Blob, models.PROTECT, null=True, blank=True, related_name="+")
    # why it joined this ticket, and what was odd about it: [{"code": …, "text": …}, …]
    reasons = models.JSONField(default=list, blank=True)
    third_party = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    # until then it can be taken back, and customers do not see it
    held_until = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    # ids of the facts that came about along with a reply, and are taken back with it
    took_along = models.JSONField(default=list, blank=True)

    objects = MessageQuerySet.as_manager()
    new_files: "Sequence[Attachment]" = ()  # those that were attached while it was added

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["ticket", "id"], name="message_of_ticket")]

    def __str__(self) -> str:
        return f"{self.kind} message {self.pk} of {self.ticket_id}"

    @property
    def is_held(self) -> bool:
        return any(reason.get("code") == HELD for reason in self.reasons)

    @property
    def pictures_in_place(self) -> dict[str, "Attachment"]:
        """The files that its HTML shows, by the name by which it asks for them: a Content-ID or a file name."""
        asked = enclosed_in(self.html)
        if not asked:
            return {}
        pictures = [file for file in self.attachments.all() if file.content_type in PICTURES]
        found = {file.name.lower(): file for file in pictures}
        found |= {file.content_id.strip("<>").lower(): file for file in pictures if file.content_id}
        return {name: found[name.lower()] for name in asked if name.lower() in found}

    @property
    def files_beside(self) -> "list[Attachment]":
        """The files that its HTML does not show."""
        shown = {file.pk for file in self.pictures_in_place.values()}
        return [file for file in self.attachments.all() if file.pk not in shown]


class Attachment(models.Model):
    """A file of a message. Its name is only ever shown; the bytes lie in the content-addressed store."""

    message = models.ForeignKey(Message, models.CASCADE, related_name="attachments")
    blob = models.ForeignKey(Blob, models.PROTECT, related_name="+")
    name = models.CharField(max_length=255)
    content_type = models.CharField(max_length=127, default="application/octet-stream")
    size = models.BigIntegerField()
    content_id = models.CharField(max_length=255, blank=True)
    inline = models.BooleanField(default=False)

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name
