"""`sportello jobs list|retry|discard`: which jobs have failed for good, and what becomes of them?"""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError

from sportello.kernel.commands import OwnCommand, number
from sportello.kernel.models import Job


class Command(OwnCommand):
    help = "List the jobs that failed for good, let them begin again once their cause is mended, or forget them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("act", choices=["list", "retry", "discard"])
        parser.add_argument("numbers", type=number, nargs="*", metavar="number", help="of a job, as `list` gives it")
        parser.add_argument("--all", action="store_true", help="every job that failed for good")

    def handle(self, *args: Any, act: str, numbers: list[int], **options: Any) -> None:
        if act == "list":
            self._list()
            return
        if bool(numbers) == options["all"]:
            raise CommandError(f"Say which: sportello jobs {act} NUMBER, or --all.")
        chosen = list(Job.objects.failed().filter(pk__in=numbers) if numbers else Job.objects.failed())
        if unknown := sorted({*numbers} - {job.pk for job in chosen}):
            raise CommandError(f"No job {unknown[0]} has failed for good. `sportello jobs list` shows which have.")
        verb, done = {"retry": (Job.retry, "begin again"), "discard": (Job.discard, "forgotten")}[act]
        self.stdout.write(f"{sum(verb(job) for job in chosen)} {done}.")

    def _list(self) -> None:
        for job in Job.objects.failed():
            self.stdout.write(f"{job.pk}  {job.finished_at:%Y-%m-%d %H:%M} UTC  {job.task}  {job.last_error}")
        if not Job.objects.failed().exists():
            self.stdout.write("No job has failed for good.")
