"""`sportello intake`: the SMTP door, as a process of its own."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError

from sportello.config.refusals import refuse_unsafe_start
from sportello.config.serving import Background
from sportello.config.starting import Refused, a_port, refuse_taken
from sportello.kernel.commands import OwnCommand


class Command(OwnCommand):
    help = "Take in mail by SMTP. Mailboxes read by IMAP are fetched by `sportello worker`."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default 127.0.0.1)")
        parser.add_argument("--smtp-port", type=a_port, default=2525, help="SMTP port (default 2525)")

    def handle(self, *args: Any, host: str, smtp_port: int, **options: Any) -> None:
        refuse_unsafe_start()
        background = Background()
        try:
            refuse_taken(host, smtp_port=smtp_port)
            port = background.start_intake(host, smtp_port)
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        except OSError as error:
            raise CommandError(f"Port {smtp_port} cannot take mail ({error.strerror or error}).") from error
        self.stdout.write(f"Taking in mail on port {port} of {host}.")
        self.stdout.flush()
        background.wait_until_told()
        background.finish()
