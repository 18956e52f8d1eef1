"""The work of `tickets` that is done later."""

from django_tasks import task

from sportello.people.models import User
from sportello.tickets import bulk
from sportello.tickets.intake import close_finished
from sportello.tickets.models import BulkJob, Presence


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
