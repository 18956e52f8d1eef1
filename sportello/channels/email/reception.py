"""How is a mail taken in? Its bytes are kept first, the source is told yes afterwards, reading is a job."""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from sportello.channels.email.models import InboundMail, Mailbox
from sportello.kernel.files import keep
from sportello.kernel.jobs import enqueue_once


@dataclass(frozen=True)
class Arrival:
    """A mail with what its source knows. `source_key` is its name there, so that a second fetch is no second mail."""

    raw: bytes
    source: str
    source_key: str = ""
    envelope_from: str = ""
    envelope_to: list[str] = field(default_factory=list)
    arrived_at: datetime | None = None


def take_in(mailbox: Mailbox, arrival: Arrival) -> InboundMail:
    """Keep the mail and ask for it to be read. When this returns, the source may forget it."""
    from sportello.channels.email.jobs import read_mail

    blob = keep(arrival.raw)
    key = arrival.source_key or hashlib.sha256(arrival.raw).hexdigest()
    with transaction.atomic():
        mail, new = InboundMail.objects.get_or_create(
            mailbox=mailbox,
            source=arrival.source,
            source_key=key[:200],
            defaults={
                "raw": blob,
                "envelope_from": arrival.envelope_from[:254],
                "envelope_to": arrival.envelope_to[:50],
                "arrived_at": arrival.arrived_at or timezone.now(),
            },
        )
        if new:
            enqueue_once(read_mail, f"read-mail-{mail.pk}", mail.pk)
    return mail
