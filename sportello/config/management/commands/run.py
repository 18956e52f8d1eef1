"""`sportello run`: the whole desk in one process, with a demo on the first start."""

import json
import os
import threading
from argparse import ArgumentParser
from pathlib import Path
from time import sleep
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from sportello.config.serving import Background, WebServer, web_server
from sportello.config.starting import add_options
from sportello.demo.loading import DemoDesk, demo_desk


class Command(BaseCommand):
    help = "Run the whole desk in this one process: web, live updates, jobs, schedule and mail intake."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        add_options(parser)

    def handle(self, *args: Any, host: str, smtp_port: int, empty: bool, **options: Any) -> None:
        port = int(os.environ["SPORTELLO_PORT"])
        call_command("migrate", verbosity=0, interactive=False)
        demo = None if empty else demo_desk()
        background = Background()
        try:
            smtp_port = background.start_intake(host, smtp_port)
        except OSError as error:
            raise CommandError(
                f"Port {smtp_port} cannot take mail ({error}). Choose another with --smtp-port."
            ) from error
        background.start_worker()
        background.start_schedule()
        server = web_server(host, port)
        note = settings.SPORTELLO_DATA / "run.json"
        threading.Thread(target=self._tell, args=(server, note, smtp_port, demo), daemon=True).start()
        try:
            server.serve_until_told()
        except SystemExit as error:
            raise CommandError(f"Port {port} cannot be served. Choose another with --port.") from error
        finally:
            note.unlink(missing_ok=True)
            background.finish()
        self.stdout.write("Stopped. Everything is kept in " + str(settings.SPORTELLO_DATA))

    def _tell(self, server: WebServer, note: Path, smtp_port: int, demo: DemoDesk | None) -> None:
        """Say where the desk is as soon as it answers."""
        while not server.started:
            if server.should_exit:
                return
            sleep(0.02)
        about = {"url": settings.SPORTELLO_URL, "smtp_port": smtp_port, **(demo.as_json() if demo else {})}
        with os.fdopen(os.open(note, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            json.dump(about, file, indent=2)
        lines = ["", f"  Sportello is open: {settings.SPORTELLO_URL}/desk/", f"  Mail by SMTP:      port {smtp_port}"]
        if demo:
            lines += [f"  Write to:          {demo.mailbox}", "", "  Sign in as"]
            lines += [f"    {who['role']:<14} {who['address']:<28} {who['password']}" for who in demo.logins]
            lines += ["", f"  What it sends:     {settings.SPORTELLO_URL}/desk/mail/sent/"]
        lines += ["", "  Stop with Ctrl-C.", ""]
        self.stdout.write("\n".join(lines))
        self.stdout.flush()
