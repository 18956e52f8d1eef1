"""Join the style sheets and scripts into the few files that pages link to."""

from typing import Any

from django.core.management.base import BaseCommand

from sportello.ui.assets import build


class Command(BaseCommand):
    help = "Joins the style sheets and scripts into sportello/ui/static/ui/build/. Run it before collectstatic."
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        for path in build():
            self.stdout.write(f"{path.name}  {path.stat().st_size / 1024:.1f} KB")
