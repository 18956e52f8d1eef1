"""How do tests run what was enqueued? Here and now, in this thread, with errors raised."""

from datetime import UTC, datetime

from django.utils import timezone

from sportello.kernel.jobs.attempts import attempt
from sportello.kernel.jobs.backend import LANES
from sportello.kernel.jobs.leases import claim
from sportello.kernel.models import Job

END_OF_TIME = datetime(9999, 1, 1, tzinfo=UTC)
ENOUGH = 1000


def run_jobs(lane: str | None = None, *, including_future: bool = False) -> int:
    """Run what is due, and what that enqueues, until nothing is left; how many ran. The first error is raised.

    With `including_future` the jobs with a later `run_after` run too, as if their time had come.
    """
    lanes = [lane] if lane else list(LANES)
    for ran in range(ENOUGH):
        job = _next(lanes, END_OF_TIME if including_future else timezone.now())
        if job is None:
            return ran
        error = attempt(job)
        if error is not None:
            raise error
    raise AssertionError(f"The jobs keep coming: {job} is the last of {ENOUGH}")


def _next(lanes: list[str], due_by: datetime) -> Job | None:
    return next((job for lane in lanes if (job := claim(lane, "run_jobs", due_by=due_by))), None)
