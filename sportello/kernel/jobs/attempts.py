"""What becomes of a job that was begun: done, again later, or failed for good?"""

import random
import re
from datetime import timedelta
from typing import Any

import structlog
from django.utils import timezone

from sportello.kernel.jobs.backend import MAX_ATTEMPTS, RetriedTask, task_at
from sportello.kernel.models import Job, State

LONGEST_DELAY = timedelta(hours=6)
JITTER = 0.2  # so that what failed together does not come back together
ERROR_LENGTH = 300
log = structlog.get_logger(__name__)


class Later(Exception):
    """Raised by a job to be run again in so many seconds. That is no failure and costs no attempt."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"again in {seconds} s")
        self.delay = timedelta(seconds=seconds)


def attempt(job: Job) -> BaseException | None:
    """Run a claimed job and record how it ended. The error it raised, if any, is for callers that want to know."""
    task: RetriedTask[..., Any] | None = None
    try:
        task = task_at(job.task)
        task.call(*job.args, **job.kwargs)
    except Later as later:
        _settle(job, state=State.READY, run_after=timezone.now() + later.delay, attempts=job.attempts - 1)
    except BaseException as error:  # a job that calls sys.exit must not take its lane along
        _record_failure(job, task, error)
        return error
    else:
        _settle(job, state=State.DONE, finished_at=timezone.now(), last_error="")
    return None


def backoff(first_delay: timedelta, attempts: int) -> timedelta:
    """How long to wait after that many attempts: doubled each time, never over `LONGEST_DELAY`, spread by `JITTER`."""
    delay = min(first_delay * (1 << min(attempts - 1, 20)), LONGEST_DELAY)
    return delay * random.uniform(1 - JITTER, 1 + JITTER)  # noqa: S311  no secret


def _record_failure(job: Job, task: RetriedTask[..., Any] | None, error: BaseException) -> None:
    text = _storable(f"{type(error).__name__}: {error}")
    now = timezone.now()
    facts = {"job": job.pk, "task": job.task, "attempt": job.attempts}
    if job.attempts >= (task.max_attempts if task else MAX_ATTEMPTS):
        log.error("job_failed", **facts, exc_info=error)
        _settle(job, state=State.FAILED, finished_at=now, last_error=text)
        return
    again = now + backoff(task.first_delay if task else timedelta(minutes=1), job.attempts)
    log.warning("job_will_be_retried", **facts, again_at=again.isoformat(), exc_info=error)
    _settle(job, state=State.READY, run_after=again, last_error=text)


def _storable(text: str) -> str:
    """In one line, as lists and the doctor show it."""
    return re.sub(r"\s+", " ", text)[:ERROR_LENGTH].encode("utf-8", "replace").decode().replace("\0", "")


def _settle(job: Job, **outcome: Any) -> None:
    """Record the outcome, unless the lease was lost meanwhile: then the job is another worker's to settle."""
    if (
        Job.objects.held_by(job.worker).filter(pk=job.pk, attempts=job.attempts).update(lease_until=None, **outcome)
        != 1
    ):
        log.warning("job_outcome_ignored", job=job.pk, task=job.task, state=outcome["state"])
