"""Print which facts there are, and what reacts to them."""

from typing import Any

from django.core.management.base import BaseCommand

from sportello.kernel.event_table import table


class Command(BaseCommand):
    help = "Prints the table of facts that docs/architecture.md shows."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(table(), ending="")
