"""Makers of mailboxes and mails, for tests: invented people, real bytes."""

from email.message import EmailMessage
from typing import Any

from sportello.channels.email.models import InboundMail, Mailbox
from sportello.channels.email.reception import Arrival, take_in
from sportello.kernel.jobs.testing import run_jobs
from sportello.people.models import Team
from sportello.people.testing import make_team

ADDRESS = "support@desk.example"


def make_mailbox(address: str = ADDRESS, *, team: Team | None = None, **fields: Any) -> Mailbox:
    return Mailbox.objects.create(address=address, name="Alba Termica", team=team or make_team(), **fields)


def make_mail(text: str = "It is cold.", *, sender: str = "Ana Pop <ana@client.example>", **headers: str) -> bytes:
    """Header names take underscores for hyphens; To and Subject have defaults."""
    mail = EmailMessage()
    mail["From"] = sender
    given = {
        "To": ADDRESS,
        "Subject": "The boiler is cold",
        "Message_ID": f"<{abs(hash((text, sender)))}@client.example>",
    }
    for name, value in (given | headers).items():
        mail[name.replace("_", "-")] = value
    mail.set_content(text)
    return mail.as_bytes()


def arrives(mailbox: Mailbox, raw: bytes, *, to: str = "", **more: Any) -> InboundMail:
    """The mail comes in by SMTP and is read."""
    number = InboundMail.objects.count()
    arrival = Arrival(raw=raw, source="smtp", source_key=f"test-{number}", envelope_to=[to or mailbox.address], **more)
    inbound = take_in(mailbox, arrival)
    run_jobs(including_future=True)
    inbound.refresh_from_db()
    return inbound
