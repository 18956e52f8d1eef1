"""Is the queue healthy: does work wait too long?"""

from django.db.models import Min
from django.utils import timezone

from sportello.kernel.jobs.backend import LANES
from sportello.kernel.models import Job


def oldest_waiting_seconds() -> dict[str, float]:
    """Per lane: for how long the oldest due job could have been running, 0 when none waits."""
    now = timezone.now()
    oldest = Job.objects.waiting().filter(run_after__lte=now).order_by().values("lane").annotate(since=Min("run_after"))
    return dict.fromkeys(LANES, 0.0) | {row["lane"]: (now - row["since"]).total_seconds() for row in oldest}
