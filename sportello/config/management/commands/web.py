"""`sportello web`: the pages, the API and the live updates, as a process of its own."""

from argparse import ArgumentParser
from contextlib import suppress
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from django.db import DatabaseError

from sportello.config.refusals import refuse_unsafe_start
from sportello.config.serving import web_server
from sportello.config.starting import Refused, a_port, refuse_taken
from sportello.kernel.commands import OwnCommand
from sportello.people.first_run import is_waiting, setup_code


class Command(OwnCommand):
    help = "Serve pages, API and live updates. Any number of these may run."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default 127.0.0.1)")
        parser.add_argument("--port", type=a_port, default=8000, help="web port (default 8000)")

    def handle(self, *args: Any, host: str, port: int, **options: Any) -> None:
        refuse_unsafe_start()
        try:
            refuse_taken(host, port=port)
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"Serving {settings.SPORTELLO_URL} on port {port} of {host}.")
        self._tell_code()
        self.stdout.flush()
        web_server(host, port).serve_until_told()

    def _tell_code(self) -> None:
        """To whoever opens the set-up page; nothing where somebody did, or where the tables are not made yet."""
        with suppress(DatabaseError):
            if is_waiting():
                self.stdout.write(f"Set-up code: {setup_code()} (the set-up page asks for it)")
