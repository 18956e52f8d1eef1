"""Which mailboxes are ours, what arrived in them, and how far is each mail that leaves?"""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from sportello.channels.email.fault_words import told
from sportello.channels.email.querysets import InboundMailQuerySet, MailboxQuerySet, OutgoingMailQuerySet
from sportello.kernel.models import Blob
from sportello.kernel.secrets import Unsealable, seal, unseal
from sportello.people.models import Team
from sportello.tickets.models import Message, Ticket

NOBODY = "desk@no-mailbox.invalid"  # whom a mail comes from while there is no mailbox (RFC 2606: nothing arrives there)
REST = timedelta(seconds=60)

PORTS = [
    MinValueValidator(1, _("Ports go from 1 to 65535.")),
    MaxValueValidator(65535, _("Ports go from 1 to 65535.")),
]


class Security(models.TextChoices):
    TLS = "tls", _("TLS")
    STARTTLS = "starttls", _("STARTTLS")
    NONE = "none", _("None (only on this machine)")


class Mailbox(models.Model):
    """An address of ours, the team it belongs to, and the servers behind it. No SMTP server means the built-in sink."""

    address = models.CharField(
        _("address"),
        max_length=254,
        unique=True,
        error_messages={"unique": _("Another mailbox here has this address. Change that one under Settings.")},
    )
    name = models.CharField(_("sender name"), max_length=100)
    team = models.ForeignKey(Team, models.PROTECT, related_name="mailboxes", verbose_name=_("team"))
    is_active = models.BooleanField(_("in use"), default=True)
    smtp_host = models.CharField(_("SMTP server"), max_length=253, blank=True)
    smtp_port = models.PositiveIntegerField(_("SMTP port"), default=587, validators=PORTS)
    smtp_security = models.CharField(
        _("SMTP security"), max_length=10, choices=Security.choices, default=Security.STARTTLS
    )
    smtp_user = models.CharField(_("SMTP user"), max_length=254, blank=True)
    smtp_sealed = models.TextField(blank=True)
    imap_host = models.CharField(_("IMAP server"), max_length=253, blank=True)
    imap_port = models.PositiveIntegerField(_("IMAP port"), default=993, validators=PORTS)
    imap_security = models.CharField(_("IMAP security"), max_length=10, choices=Security.choices, default=Security.TLS)
    imap_user = models.CharField(_("IMAP user"), max_length=254, blank=True)
    imap_sealed = models.TextField(blank=True)
    imap_folder = models.CharField(_("IMAP folder"), max_length=200, default="INBOX")
    # how far the folder has been read: UIDs count only within one UIDVALIDITY
    imap_uidvalidity = models.BigIntegerField(null=True, blank=True)
    imap_last_uid = models.BigIntegerField(default=0)
    leased_until = models.DateTimeField(null=True, blank=True)
    last_success_at = models.DateTimeField(null=True, blank=True)
    failing_since = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=300, blank=True)
    # the same for the way out; no mail fails because of these two, it waits
    smtp_failing_since = models.DateTimeField(null=True, blank=True)
    smtp_error = models.CharField(max_length=300, blank=True)
    smtp_rests_until = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    objects = MailboxQuerySet.as_manager()

    class Meta:
        ordering = ["address"]

    def __str__(self) -> str:
        return self.address

    @property
    def smtp_password(self) -> str:
        return unseal(self.smtp_sealed)

    @property
    def imap_password(self) -> str:
        return unseal(self.imap_sealed)

    @property
    def is_locked(self) -> bool:
        """Whether a stored password was sealed with a key that is not here."""
        try:
            unseal(self.imap_sealed)
            unseal(self.smtp_sealed)
        except Unsealable:
            return True
        return False

    def keep_passwords(self, *, smtp: str = "", imap: str = "") -> None:
        """Seal new passwords into the row (not saved yet); an empty one leaves the old."""
        self.smtp_sealed = seal(smtp) if smtp else self.smtp_sealed
        self.imap_sealed = seal(imap) if imap else self.imap_sealed

    def lease(self, seconds: int) -> bool:
        """Take the mailbox for one fetch; False while another worker has it."""
        now = timezone.now()
        free = models.Q(leased_until=None) | models.Q(leased_until__lt=now)
        until = now + timedelta(seconds=seconds)
        return type(self).objects.filter(free, pk=self.pk).update(leased_until=until) == 1

    def release(self, *, error: str = "") -> None:
        """Give the lease back and note how it went."""
        now = timezone.now()
        columns: dict[str, Any] = {"leased_until": None, "last_error": error[:300]}
        if error:
            columns["failing_since"] = self.failing_since or now
        else:
            columns |= {"last_success_at": now, "failing_since": None}
        type(self).objects.filter(pk=self.pk).update(**columns)

    def note_sending(self, *, error: str = "") -> None:
        """Note that its SMTP server turns us away, or that it lets us in again."""
        error = error[:300]
        if error != self.smtp_error:
            since = (self.smtp_failing_since or timezone.now()) if error else None
            self.smtp_error, self.smtp_failing_since = error, since
            self.save(update_fields=["smtp_error", "smtp_failing_since"])

    def rest(self) -> None:
        """Its SMTP server let nobody in: the other mails that wait for it do not each try the same at once."""
        self.smtp_rests_until = timezone.now() + REST
        self.save(update_fields=["smtp_rests_until"])

    @property
    def rests_for(self) -> float:
        """Seconds until its SMTP server is tried again."""
        return max(0.0, (self.smtp_rests_until - timezone.now()).total_seconds()) if self.smtp_rests_until else 0.0

    @property
    def troubles(self) -> list[tuple[Any, str]]:
        """Since when something is wrong with it, and what, in the reader's language."""
        found = [(self.failing_since, self.last_error), (self.smtp_failing_since, self.smtp_error)]
        return [(since, told(error)) for since, error in found if since and error]


class InboundMail(models.Model):
    """One mail as it arrived in one mailbox. Its bytes are kept before the sender is told yes."""

    class State(models.TextChoices):
        RECEIVED = "received", pgettext_lazy("mail", "Received")
        DONE = "done", pgettext_lazy("mail", "Read")
        DUPLICATE = "duplicate", _("Duplicate")
        QUARANTINED = "quarantined", _("In quarantine")

    class Source(models.TextChoices):
        SMTP = "smtp", "SMTP"
        IMAP = "imap", "IMAP"
        IMPORT = "import", _("Import")

    mailbox = models.ForeignKey(Mailbox, models.PROTECT, related_name="inbound")
    raw = models.ForeignKey(Blob, models.PROTECT, related_name="+")
    source = models.CharField(max_length=10, choices=Source.choices)
    # what the source calls it, so that the same mail fetched twice is one: UIDVALIDITY:UID, or a hash
    source_key = models.CharField(max_length=200)
    envelope_from = models.CharField(max_length=254, blank=True)
    envelope_to = models.JSONField(default=list)
    arrived_at = models.DateTimeField()
    state = models.CharField(max_length=12, choices=State.choices, default=State.RECEIVED)
    reason = models.CharField(max_length=300, blank=True)
    nature = models.CharField(max_length=20, blank=True)
    msgid = models.CharField(max_length=500, blank=True)
    body_hash = models.CharField(max_length=64, blank=True)
    message = models.OneToOneField(Message, models.SET_NULL, null=True, blank=True, related_name="inbound")
    sender = models.CharField(max_length=254, blank=True)
    subject = models.CharField(max_length=300, blank=True)

    objects = InboundMailQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["mailbox", "source", "source_key"], name="inbound_mail_once")]
        indexes = [
            models.Index(fields=["mailbox", "msgid"], name="inbound_by_message_id"),
            models.Index(fields=["state", "-id"], name="inbound_by_state"),
        ]

    def __str__(self) -> str:
        return f"{self.source} mail {self.pk} for {self.mailbox_id}"


class MailIdentity(models.Model):
    """A Message-ID that belongs to a ticket, ours or theirs: the second evidence for threading."""

    msgid = models.CharField(max_length=500)
    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="mail_identities")
    message = models.ForeignKey(Message, models.CASCADE, null=True, blank=True, related_name="mail_identities")
    ours = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["msgid", "ticket"], name="mail_identity_once")]
        indexes = [models.Index(fields=["ticket", "id"], name="mail_identity_of_ticket")]

    def __str__(self) -> str:
        return self.msgid


class OutgoingMail(models.Model):
    """A mail that leaves: written in the transaction of its cause, sent by a job."""

    class State(models.TextChoices):
        QUEUED = "queued", _("Queued")
        SENT = "sent", pgettext_lazy("mail", "Sent")
        DEFERRED = "deferred", _("Trying again")
        FAILED = "failed", _("Not delivered")
        CANCELLED = "cancelled", _("Taken back")

    class Purpose(models.TextChoices):
        REPLY = "reply", _("Answer")
        RECEIPT = "receipt", _("Receipt")
        SOLVED = "solved", _("Solved notice")
        ACCOUNT = "account", _("Account mail")

    purpose = models.CharField(max_length=10, choices=Purpose.choices)
    ticket = models.ForeignKey(Ticket, models.CASCADE, null=True, blank=True, related_name="outgoing")
    message = models.ForeignKey(Message, models.CASCADE, null=True, blank=True, related_name="deliveries")
    # none while none is set up: then it waits, to be read in the built-in sink
    mailbox = models.ForeignKey(Mailbox, models.PROTECT, null=True, blank=True, related_name="outgoing")
    reader = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="outgoing_mails"
    )
    to = models.JSONField(default=list)
    cc = models.JSONField(default=list)
    # whom the server took it for, never to be mailed again, and what it answered for those it refused
    accepted = models.JSONField(default=list)
    refused = models.JSONField(default=dict)
    msgid = models.CharField(max_length=250, unique=True)
    # what the mail says where no message says it: account mails and notices
    subject = models.CharField(max_length=300, blank=True)
    text = models.TextField(blank=True)
    language = models.CharField(max_length=10, default="en")
    raw = models.ForeignKey(Blob, models.PROTECT, null=True, blank=True, related_name="+")
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_answer = models.CharField(max_length=300, blank=True)
    not_before = models.DateTimeField()
    next_try_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True, blank=True)

    objects = OutgoingMailQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["state", "id"], name="outgoing_by_state")]

    def __str__(self) -> str:
        return f"{self.purpose} mail {self.pk}: {self.state}"

    @property
    def recipients(self) -> list[str]:
        return list(dict.fromkeys([*self.to, *self.cc]))

    @property
    def job_key(self) -> str:
        """Of the one job that sends it: two at once would be two mails."""
        return f"mail-{self.pk}"

    @property
    def is_typed(self) -> bool:
        """Whether somebody wrote it: an answer, or how a ticket was solved. All else is automatic."""
        return self.purpose == self.Purpose.REPLY or (self.purpose == self.Purpose.SOLVED and bool(self.text))

    @property
    def answer(self) -> str:
        """What the server said at last, or what became of the try, in the reader's language."""
        return told(self.last_answer)

    @property
    def missing(self) -> list[str]:
        """Those who do not have it (yet)."""
        return [address for address in self.recipients if address not in self.accepted]


class SinkMail(models.Model):
    """A mail that went into the built-in sink instead of out into the world: from a mailbox without SMTP, or none."""

    outgoing = models.OneToOneField(OutgoingMail, models.CASCADE, related_name="sunk")
    raw = models.ForeignKey(Blob, models.PROTECT, related_name="+")
    recipients = models.JSONField(default=list)
    subject = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"sunk mail {self.pk}"
