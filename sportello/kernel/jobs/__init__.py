"""How is work done later, once, again when it fails, and never lost? The only door to background jobs.

`@task(queue_name="mail", max_attempts=5)` from django_tasks declares one; `.enqueue()` and `.using(run_after=…)` ask
for it within the current transaction; `enqueue_once` asks unless an equal one waits, `enqueue_now` hurries that
one, `enqueue_alone` asks for none beside one that runs; `raise Later(60)` postpones a job.
A job runs at least once, possibly twice when a machine dies: it takes ids and is idempotent.
"""

from sportello.kernel.jobs.attempts import Later
from sportello.kernel.jobs.backend import LANES, enqueue_alone, enqueue_first, enqueue_now, enqueue_once
from sportello.kernel.jobs.vitals import oldest_waiting_seconds
from sportello.kernel.jobs.worker import Worker

__all__ = [
    "LANES",
    "Later",
    "Worker",
    "enqueue_alone",
    "enqueue_first",
    "enqueue_now",
    "enqueue_once",
    "oldest_waiting_seconds",
]
