"""`sportello worker`: the jobs and the schedule, as a process of its own."""

from typing import Any

from django.core.management.base import BaseCommand

from sportello.config.refusals import refuse_unsafe_start
from sportello.config.serving import Background


class Command(BaseCommand):
    help = "Run jobs and the schedule. Any number of these may run."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        refuse_unsafe_start()
        background = Background()
        background.start_worker()
        background.start_schedule()
        self.stdout.write("Working on jobs and the schedule.")
        self.stdout.flush()
        background.wait_until_told()
        background.finish()
