"""`sportello import-mail FILE|DIR`: take in old mail from .eml files, mbox and Maildir, with a progress bar."""

import hashlib
from argparse import ArgumentParser
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Any

import structlog
from django.core.management.base import CommandError
from rich.progress import Progress

from sportello.channels.email._headers import clean_line
from sportello.channels.email.history import settle
from sportello.channels.email.jobs import read_mail
from sportello.channels.email.models import InboundMail, Mailbox
from sportello.channels.email.old_mail import OldMail, OldMails, in_order
from sportello.channels.email.reception import Arrival, take_in
from sportello.kernel.commands import OwnCommand, text
from sportello.people.models import User
from sportello.tickets.models import Ticket
from sportello.tickets.words import Status

State = InboundMail.State
log = structlog.get_logger(__name__)


class Command(OwnCommand):
    help = "Take in old mail from .eml, mbox and Maildir, under its own dates. Nobody is told. Twice is safe."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("source", type=Path, help="a file or a folder")
        parser.add_argument("--mailbox", type=text, default="", help="the address of our mailbox that it belongs to")
        parser.add_argument(
            "--status",
            choices=[Status.CLOSED.value, Status.SOLVED.value, Status.NEW.value],
            default=Status.CLOSED.value,
            help="what the tickets become: closed (as history, the default), solved, or new (as work to do)",
        )

    def handle(self, *args: Any, source: Path, mailbox: str, status: str, **options: Any) -> None:
        ours = Mailbox.objects.at([mailbox]).first() if mailbox else Mailbox.objects.active().order_by("id").first()
        if ours is None:
            raise CommandError("There is no such mailbox here. Add one under Settings, New mailbox.")
        mails = OldMails(source)
        if [one.place for one in mails.passed_over] == [source]:
            raise CommandError(f"{_shown(source)} {mails.passed_over[0].reason}.")
        for one in mails.passed_over:
            self.stdout.write(f"{_shown(one.place)} {one.reason} and was passed over.")
        counts = self._take_all(ours, mails.found, status)
        passed_over = len(mails.passed_over) + counts["passed over"]
        held = InboundMail.objects.quarantined().filter(mailbox=ours, source=InboundMail.Source.IMPORT).count()
        self.stdout.write(
            f"{counts['taken in']} taken in, {counts['known already']} known already, "
            f"{counts['left out']} left out (our own or reports, on no request here), {held} in quarantine, "
            f"{passed_over} passed over."
        )

    def _take_all(self, ours: Mailbox, mails: list[OldMail], status: str) -> Counter[str]:
        counts: Counter[str] = Counter()
        tickets: set[int] = set()
        with Progress(disable=not self.stdout.isatty()) as progress:
            job = progress.add_task("Taking in", total=len(mails))
            for mail in in_order(mails):
                progress.advance(job)
                try:
                    raw = mail.read()
                except OSError as error:
                    counts["passed over"] += 1
                    why = error.strerror or error
                    self.stdout.write(f"{_shown(mail.place)} cannot be read any more ({why}) and was passed over.")
                    continue
                known, inbound = _take(ours, raw, mail.at)
                fate = "known already" if known else _fate(inbound)
                counts[fate] += 1
                if fate == "left out":
                    self.stdout.write(
                        f"Left out: the mail of {mail.at:%Y-%m-%d %H:%M} UTC, Message-ID {mail.msgid or '(none)'}"
                    )
                if inbound.message:
                    tickets.add(inbound.message.ticket_id)
        if status != Status.NEW:
            system = User.objects.system()
            for number in sorted(tickets):
                settle(Ticket.objects.get(pk=number), status, by=system)
        return counts


def _shown(place: Path) -> str:
    """Names of files may hold bytes that are no text, and signs that command a terminal."""
    return clean_line(str(place).encode("utf-8", "replace").decode())


def _take(ours: Mailbox, raw: bytes, at: datetime) -> tuple[bool, InboundMail]:
    """Take one mail in and read it at once. True when it was here already; what was left out was not."""
    key = hashlib.sha256(raw).hexdigest()
    imported = InboundMail.objects.filter(mailbox=ours, source=InboundMail.Source.IMPORT).select_related("message")
    imported.left_out().filter(source_key=key).update(state=State.RECEIVED)
    if found := imported.exclude(state=State.RECEIVED).filter(source_key=key).first():
        return True, found
    inbound = take_in(ours, Arrival(raw=raw, source=InboundMail.Source.IMPORT, source_key=key, arrived_at=at))
    try:
        read_mail.call(inbound.pk)
    except Exception:  # it is held already, with its reason; the others go on
        log.exception("old mail could not be read", inbound=inbound.pk)
    return False, imported.get(pk=inbound.pk)


def _fate(inbound: InboundMail) -> str:
    if inbound.state == State.DUPLICATE:
        return "known already"
    return "taken in" if inbound.message or inbound.state == State.QUARANTINED else "left out"
