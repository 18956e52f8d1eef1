"""`sportello run`: the whole desk in one process, with a demo on the first start."""

import os
import threading
from argparse import ArgumentParser
from collections.abc import Sequence
from shlex import quote
from time import sleep
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError

from sportello.config.claim import put_note, take_note_away
from sportello.config.env import REPOSITORY
from sportello.config.refusals import refuse_weak_secret
from sportello.config.serving import Background, WebServer, web_server
from sportello.config.starting import add_options
from sportello.demo.loading import DemoDesk, demo_desk
from sportello.kernel.commands import OwnCommand
from sportello.kernel.networks import LOCAL, opens_here_only
from sportello.people.first_run import begin_empty, is_waiting, setup_code, was_begun
from sportello.people.roles import Role

EMPTY_IGNORED = "This folder holds the demo already, so --empty changed nothing: choose another with --data."
NO_DEMO = "The demo's logins are public and this address is open to others, so the desk starts without it."
DEMO_IS_OPEN = (
    "ATTENTION: others can reach this desk, and the demo's logins are public: whoever knows them is administrator.",
    "For real work start another with: bin/run --empty --data FOLDER",
)


class Command(OwnCommand):
    help = "Run the whole desk in this one process: web, live updates, jobs, schedule and mail intake."

    def add_arguments(self, parser: ArgumentParser) -> None:
        add_options(parser)

    def handle(self, *args: Any, host: str, smtp_port: int, empty: bool, **options: Any) -> None:
        port = int(os.environ["SPORTELLO_PORT"])
        if port == smtp_port:
            raise CommandError(f"Port {port} cannot serve pages and mail. Choose another with --smtp-port.")
        call_command("migrate", verbosity=0, interactive=False)
        notice = _begin(host, empty=empty)
        demo = demo_desk()
        if demo is None:
            refuse_weak_secret()
        background = Background()
        try:
            smtp_port = background.start_intake(host, smtp_port)
        except OSError as error:
            raise CommandError(
                f"Port {smtp_port} cannot take mail ({error.strerror or error}). Choose another with --smtp-port."
            ) from error
        background.start_worker()
        background.start_schedule()
        server = web_server(host, port)
        if demo and not (host in LOCAL and opens_here_only(settings.SPORTELLO_URL)):
            notice = DEMO_IS_OPEN
        elif demo and empty:
            notice = (EMPTY_IGNORED,)
        code = setup_code() if is_waiting() else ""
        threading.Thread(target=self._tell, args=(server, smtp_port, demo, code, notice), daemon=True).start()
        try:
            server.serve_until_told()
        except SystemExit as error:
            raise CommandError(f"Port {port} cannot be served. Choose another with --port.") from error
        finally:
            take_note_away(settings.SPORTELLO_DATA)
            background.finish()
        self.stdout.write("Stopped. Everything is kept in " + str(settings.SPORTELLO_DATA))

    def _tell(self, server: WebServer, smtp_port: int, demo: DemoDesk | None, code: str, notice: Sequence[str]) -> None:
        """Say where the desk is as soon as it answers."""
        while not server.started:
            if server.should_exit:
                return
            sleep(0.02)
        about = {"url": settings.SPORTELLO_URL, "smtp_port": smtp_port, **(demo.as_json() if demo else {})}
        if code:
            about["setup_code"] = code
        put_note(settings.SPORTELLO_DATA, about)
        lines = [
            "",
            f"  Sportello is open: {settings.SPORTELLO_URL}/desk/",
            f"  For customers:     {settings.SPORTELLO_URL}/",
            f"  Mail by SMTP:      port {smtp_port}",
        ]
        if code:
            lines += [f"  Set-up code:       {code}   (the set-up page asks for it)"]
        if notice:
            lines += ["", *(f"  {line}" for line in notice), ""]
        if demo:
            lines += [f"  Write to:          {demo.mailbox}", "", "  Sign in as"]
            widths = [max(len(str(who[column])) for who in demo.logins) + 2 for column in ("role", "address")]
            lines += [
                f"    {Role(who['role']).label:<{widths[0]}} {who['address']:<{widths[1]}} {who['password']}"
                for who in demo.logins
            ]
            lines += [
                "",
                f"  The customer signs in at {settings.SPORTELLO_URL}/, the others at {settings.SPORTELLO_URL}/desk/.",
            ]
            lines += ["", f"  What it sends:     {settings.SPORTELLO_URL}/desk/mail/sent/"]
        if settings.SPORTELLO_DATA != REPOSITORY / "data":
            lines += [
                "",
                f"  Other commands:    SPORTELLO_DATA={quote(str(settings.SPORTELLO_DATA))} .venv/bin/sportello …",
            ]
        lines += ["", "  Stop with Ctrl-C.", ""]
        self.stdout.write("\n".join(lines))
        self.stdout.flush()


def _begin(host: str, *, empty: bool) -> Sequence[str]:
    """A first start is without the demo if it is told so, or if it is given an address that is open to others."""
    named = not opens_here_only(settings.SPORTELLO_URL) and urlsplit(settings.SPORTELLO_URL).hostname != host
    if was_begun() or not (empty or named):
        return ()
    begin_empty()
    return () if empty else (NO_DEMO,)
