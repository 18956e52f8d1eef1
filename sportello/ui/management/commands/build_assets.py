"""Join the style sheets and scripts into the few files that pages link to."""

from typing import Any

from sportello.kernel.commands import OwnCommand
from sportello.ui.assets import build


class Command(OwnCommand):
    help = "Joins the style sheets and scripts into sportello/ui/static/ui/build/. Run it before collectstatic."

    def handle(self, *args: Any, **options: Any) -> None:
        for path in build():
            self.stdout.write(f"{path.name}  {path.stat().st_size / 1024:.1f} KB")
