"""`sportello import-mail FILE|DIR`: take in old mail from .eml files, mbox and Maildir, with a progress bar."""

import hashlib
import mailbox as mailboxes
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from rich.progress import Progress

from sportello.channels.email.jobs import read_mail
from sportello.channels.email.models import InboundMail, Mailbox
from sportello.channels.email.reception import Arrival, take_in


class Command(BaseCommand):
    help = "Take in mail from .eml, mbox and Maildir. Nothing is answered. Running it twice is safe."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("source", type=Path, help="a file or a folder")
        parser.add_argument("--mailbox", default="", help="the address of our mailbox that it belongs to")

    def handle(self, *args: Any, source: Path, mailbox: str, **options: Any) -> None:
        if not source.exists():
            raise CommandError(f"{source} does not exist.")
        ours = Mailbox.objects.at([mailbox]).first() if mailbox else Mailbox.objects.active().order_by("id").first()
        if ours is None:
            raise CommandError("There is no such mailbox here. Add one under Settings, Mailboxes.")
        counts = {"taken in": 0, "known already": 0}
        with Progress(transient=not self.stdout.isatty()) as progress:
            job = progress.add_task("Taking in", total=sum(1 for _raw in mails_in(source)))
            for raw in mails_in(source):
                known = _take(ours, raw)
                counts["known already" if known else "taken in"] += 1
                progress.advance(job)
        held = InboundMail.objects.quarantined().filter(mailbox=ours, source=InboundMail.Source.IMPORT).count()
        self.stdout.write(
            f"{counts['taken in']} taken in, {counts['known already']} known already, {held} in quarantine."
        )


def _take(ours: Mailbox, raw: bytes) -> bool:
    """Take one mail in and read it at once. True when it was here already."""
    key = hashlib.sha256(raw).hexdigest()
    if InboundMail.objects.filter(mailbox=ours, source=InboundMail.Source.IMPORT, source_key=key).exists():
        return True
    inbound = take_in(ours, Arrival(raw=raw, source=InboundMail.Source.IMPORT, source_key=key))
    read_mail.call(inbound.pk)
    return False


def mails_in(source: Path) -> Iterator[bytes]:
    """The raw bytes of every mail in a .eml file, an mbox file, a Maildir, or a folder of any of these."""
    if source.is_dir() and (source / "cur").is_dir():
        maildir = mailboxes.Maildir(source, create=False)
        yield from (maildir.get_bytes(key) for key in sorted(maildir.keys()))
    elif source.is_dir():
        for inner in sorted(source.iterdir()):
            if inner.is_dir() or inner.suffix.lower() in (".eml", ".mbox", ".mbx", ""):
                yield from mails_in(inner)
    elif source.read_bytes()[:5] == b"From ":
        with closing(mailboxes.mbox(source, create=False)) as mbox:
            yield from (mbox.get_bytes(key) for key in mbox.keys())  # noqa: SIM118  a mailbox, not a dict
    else:
        yield source.read_bytes()
