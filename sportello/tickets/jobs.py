"""The work of `tickets` that is done later."""

from datetime import timedelta

from django.utils import timezone
from django_tasks import task

from sportello.people.models import User
from sportello.tickets import bulk
from sportello.tickets.intake import close_finished
from sportello.tickets.models import BulkJob, Presence, Submission

SUBMISSIONS_KEPT = timedelta(days=3)


@task(queue_name="bulk")
def run_bulk_job(job_id: int) -> None:
    bulk.run(BulkJob.objects.select_related("owner").get(pk=job_id))


@task(queue_name="bulk")
def undo_bulk_job(job_id: int) -> None:
    bulk.run_undo(BulkJob.objects.select_related("owner").get(pk=job_id))


@task(queue_name="bulk")
def close_finished_tickets() -> None:
    while close_finished(by=User.objects.system()):
        pass


@task(queue_name="bulk")
def prune_presence() -> None:
    Presence.objects.over().delete()


@task(queue_name="bulk")
def prune_submissions() -> None:
    """Of every door."""
    Submission.objects.older_than(timezone.now() - SUBMISSIONS_KEPT).delete()
