"""Is the queue healthy: does work wait too long, has work failed for good?"""

from dataclasses import dataclass

from django.db.models import Min
from django.utils import timezone

from sportello.kernel.jobs.backend import LANES
from sportello.kernel.models import Job


@dataclass(frozen=True)
class Health:
    oldest_waiting_seconds: dict[str, float]
    """Per lane: for how long the oldest due job could have been running, 0 when none waits."""
    failed: int


def health() -> Health:
    now = timezone.now()
    oldest = Job.objects.waiting().filter(run_after__lte=now).order_by().values("lane").annotate(since=Min("run_after"))
    ages = {row["lane"]: (now - row["since"]).total_seconds() for row in oldest}
    return Health(oldest_waiting_seconds=dict.fromkeys(LANES, 0.0) | ages, failed=Job.objects.failed().count())
