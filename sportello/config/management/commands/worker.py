"""`sportello worker`: the jobs and the schedule, as a process of its own."""

import signal
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
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: background.stop.set())
        background.start_worker()
        background.start_schedule()
        self.stdout.write("Working on jobs and the schedule.")
        self.stdout.flush()
        background.wait()
        background.finish()
