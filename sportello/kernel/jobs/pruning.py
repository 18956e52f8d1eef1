"""When is a finished job forgotten? A done one soon; a failed one when surely nobody will retry it."""

from datetime import timedelta

from django.utils import timezone
from django_tasks import task

from sportello.kernel.models import Job, State

KEEP = {State.DONE: timedelta(days=7), State.FAILED: timedelta(days=90)}
BATCH = 1000  # rows per transaction, so that nobody waits long for SQLite's writer


@task(queue_name="bulk")
def prune_finished_jobs() -> None:
    for state, age in KEEP.items():
        old = Job.objects.finished_before(timezone.now() - age, state).order_by()
        while batch := list(old.values_list("pk", flat=True)[:BATCH]):
            Job.objects.filter(pk__in=batch).delete()
