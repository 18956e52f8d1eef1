"""`sportello worker`: the jobs and the schedule, as a process of its own."""

from typing import Any

from sportello.config.refusals import refuse_unsafe_start
from sportello.config.serving import Background
from sportello.kernel.commands import OwnCommand


class Command(OwnCommand):
    help = "Run jobs and the schedule. Any number of these may run."

    def handle(self, *args: Any, **options: Any) -> None:
        refuse_unsafe_start()
        background = Background()
        background.start_worker()
        background.start_schedule()
        self.stdout.write("Working on jobs and the schedule.")
        self.stdout.flush()
        background.wait_until_told()
        background.finish()
