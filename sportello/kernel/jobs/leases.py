"""Who may run which job now? A claim is a lease that its worker renews; what is not renewed goes back to the queue."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from sportello.kernel.jobs.backend import MAX_ATTEMPTS, task_at
from sportello.kernel.jobs.wakeups import ring
from sportello.kernel.models import Job, State

LEASE = timedelta(seconds=60)
log = structlog.get_logger(__name__)


def claim(lane: str, worker: str, *, lease: timedelta = LEASE, due_by: datetime | None = None) -> Job | None:
    """The most urgent due job of the lane, now held by `worker`. Looking at an empty lane writes and locks nothing."""
    now = timezone.now()
    due = Job.objects.due(lane, due_by or now)
    if not due.exists():
        return None
    with transaction.atomic():
        job = due.select_for_update(skip_locked=True).first()
        if job is None:
            return None
        held = {"state": State.RUNNING, "worker": worker, "lease_until": now + lease, "attempts": job.attempts + 1}
        if Job.objects.waiting().filter(pk=job.pk).update(**held) != 1:
            return None
    for name, value in held.items():
        setattr(job, name, value)
    return job


def extend(jobs: Collection[int], worker: str, *, lease: timedelta = LEASE) -> int:
    """How many of the worker's jobs are still its own."""
    return Job.objects.held_by(worker).filter(pk__in=jobs).update(lease_until=timezone.now() + lease)


def give_back(jobs: Collection[int], worker: str) -> int:
    """Put unfinished jobs back as if they had not begun."""
    return (
        Job.objects.held_by(worker)
        .filter(pk__in=jobs)
        .update(state=State.READY, lease_until=None, worker="", attempts=F("attempts") - 1)
    )


def reap() -> int:
    """Take jobs from workers that died with them: again for another worker, failed when they kill every worker."""
    now = timezone.now()
    reaped = 0
    for job in list(Job.objects.abandoned(now)):
        gone: dict[str, Any] = {"lease_until": None, "last_error": f"The worker {job.worker} vanished"}
        if job.attempts < _max_attempts_of(job):
            gone |= {"state": State.READY, "run_after": now}
        else:
            gone |= {"state": State.FAILED, "finished_at": now}
        if Job.objects.abandoned(now).filter(pk=job.pk).update(**gone) == 1:
            log.warning("job_abandoned", job=job.pk, task=job.task, worker=job.worker, state=gone["state"])
            ring(job.lane)
            reaped += 1
    return reaped


def _max_attempts_of(job: Job) -> int:
    try:
        return task_at(job.task).max_attempts
    except ImportError:
        return MAX_ATTEMPTS
