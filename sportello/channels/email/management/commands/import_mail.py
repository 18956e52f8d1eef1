"""`sportello import-mail FILE|DIR`: take in old mail from .eml files, mbox and Maildir, with a progress bar."""

import hashlib
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterable
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
from sportello.channels.email.old_mail import OldMail, OldMails, conversations
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
        counts: Counter[str] = Counter({"passed over": len(mails.passed_over)})
        try:
            self._take_all(ours, mails.found, status, counts)
        except BaseException:
            self.stdout.write(f"Stopped. {_told(ours, counts)} Run it again to go on: what is here stays one mail.")
            raise
        self.stdout.write(_told(ours, counts))

    def _take_all(self, ours: Mailbox, mails: list[OldMail], status: str, counts: Counter[str]) -> None:
        """A conversation's ticket is settled before the next one begins, so that it stands in no queue for long."""
        with Progress(disable=not self.stdout.isatty()) as progress:
            job = progress.add_task("Taking in", total=len(mails))
            for conversation in conversations(mails):
                tickets: set[int] = set()
                try:
                    for mail in conversation:
                        tickets |= self._take_one(ours, mail, counts)
                        progress.advance(job)
                finally:
                    if status != Status.NEW:
                        _settle(tickets, status)

    def _take_one(self, ours: Mailbox, mail: OldMail, counts: Counter[str]) -> set[int]:
        """The ticket that it is on, if it is on one."""
        try:
            raw = mail.read()
        except OSError as error:
            counts["passed over"] += 1
            why = error.strerror or error
            self.stdout.write(f"{_shown(mail.place)} cannot be read any more ({why}) and was passed over.")
            return set()
        known, inbound = _take(ours, raw, mail.at)
        fate = "known already" if known else _fate(inbound)
        counts[fate] += 1
        if fate == "left out":
            self.stdout.write(
                f"Left out: the mail of {mail.at:%Y-%m-%d %H:%M} UTC, Message-ID {mail.msgid or '(none)'}"
            )
        return {inbound.message.ticket_id} if inbound.message else set()


def _told(ours: Mailbox, counts: Counter[str]) -> str:
    held = InboundMail.objects.quarantined().filter(mailbox=ours, source=InboundMail.Source.IMPORT).count()
    return (
        f"{counts['taken in']} taken in, {counts['known already']} known already, "
        f"{counts['left out']} left out (our own or reports, on no request here), {held} in quarantine, "
        f"{counts['passed over']} passed over."
    )


def _settle(tickets: Iterable[int], status: str) -> None:
    system = User.objects.system()
    for number in sorted(tickets):
        settle(Ticket.objects.get(pk=number), status, by=system)


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
