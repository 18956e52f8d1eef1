"""Print which facts there are, and what reacts to them."""

from typing import Any

from sportello.kernel.commands import OwnCommand
from sportello.kernel.event_table import table


class Command(OwnCommand):
    help = "Prints the table of facts that docs/architecture.md shows."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(table(), ending="")
