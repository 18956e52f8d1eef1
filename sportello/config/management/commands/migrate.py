"""`sportello migrate`: make the database fit this version: Django's command, with less to ask and a refusal more."""

from typing import Any

from django.core.management import call_command
from django.core.management.commands import migrate

from sportello.config.refusals import refuse_newer_database
from sportello.kernel.commands import OwnCommand


class Command(OwnCommand):
    help = "Make the database fit this version. What fits already stays as it is."
    autodetector = migrate.Command.autodetector  # a check of Django's compares it with that of makemigrations
    stealth_options = ("database", "run_syncdb", "interactive")  # what makes the databases of tests gives them

    def handle(self, *args: Any, **options: Any) -> None:
        refuse_newer_database()
        passed_on = {name: options[name] for name in (*self.stealth_options, "verbosity") if name in options}
        call_command(migrate.Command(), **passed_on)
