"""How does a job get into the queue? By a row that the caller's transaction commits or takes back."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, ParamSpec, TypeVar

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from django.utils.module_loading import import_string
from django_tasks.backends.base import BaseTaskBackend
from django_tasks.base import Task, TaskResult, TaskResultStatus
from django_tasks.exceptions import InvalidTaskError
from django_tasks.utils import normalize_json

from sportello.kernel.jobs.wakeups import ring_on_commit
from sportello.kernel.models import Job, State

P = ParamSpec("P")
T = TypeVar("T")
LANES: tuple[str, ...] = tuple(settings.LANES)
MAX_ATTEMPTS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class RetriedTask(Task[P, T]):
    """What `@task(…)` makes. When a call raises, it is made again after `first_delay`, then twice as long each time."""

    max_attempts: int = MAX_ATTEMPTS
    first_delay: timedelta = timedelta(seconds=10)


class DatabaseBackend(BaseTaskBackend):
    task_class = RetriedTask
    supports_defer = True
    supports_priority = True

    def validate_task(self, task: Task[..., Any]) -> None:
        super().validate_task(task)
        if task.takes_context:
            raise InvalidTaskError("A job gets its arguments and nothing else: it may run more than once.")

    def enqueue(self, task: Task[P, T], args: Any, kwargs: Any) -> TaskResult[T]:
        self.validate_task(task)
        job = _insert(task, args, kwargs)
        return TaskResult(
            task=task,
            id=str(job.pk),
            status=TaskResultStatus.READY,
            enqueued_at=job.created_at,
            started_at=None,
            finished_at=None,
            last_attempted_at=None,
            args=job.args,
            kwargs=job.kwargs,
            backend=self.alias,
            errors=[],
            worker_ids=[],
        )


def task_at(path: str) -> RetriedTask[..., Any]:
    """ImportError when the installed program does not have that task (any more)."""
    task = import_string(path)
    if not isinstance(task, RetriedTask):
        raise ImportError(f"{path} is not a task of this queue")
    return task


def enqueue_once(task: Task[P, T], key: str, *args: P.args, **kwargs: P.kwargs) -> bool:
    """Enqueue unless a job of this task with an equal key waits already; False when one does. It keeps its time.

    The waiting job cannot begin before the caller's transaction ends, so it will see what that transaction wrote.
    Callers never wait for each other: two that have not committed yet may each leave a job.
    """
    with transaction.atomic():
        if _waits(task, key):
            return False
        enqueue_first(task, key, *args, **kwargs)
        return True


def enqueue_now(task: Task[P, T], key: str, *args: P.args, **kwargs: P.kwargs) -> None:
    """As `enqueue_once`, but an equal job that waits for its time waits no longer: somebody has asked for it."""
    with transaction.atomic():
        if not enqueue_once(task, key, *args, **kwargs):
            _hurry(task, key)


def enqueue_first(task: Task[P, T], key: str, *args: P.args, **kwargs: P.kwargs) -> None:
    """Enqueue what cannot be there yet, so that `enqueue_alone` finds it by the key."""
    task.get_backend().validate_task(task)
    _insert(task, args, kwargs, dedupe_key=key)


def enqueue_alone(task: Task[P, T], key: str, *args: P.args, **kwargs: P.kwargs) -> None:
    """As `enqueue_now`, but none while an equal job runs: that one sees to it that it is run again if need be."""
    with transaction.atomic():
        if _waits(task, key):
            _hurry(task, key)
        elif not Job.objects.running().filter(task=task.module_path, dedupe_key=key).exists():
            enqueue_first(task, key, *args, **kwargs)


def _waits(task: Task[..., Any], key: str) -> bool:
    if _hold_back(task.module_path, key):
        ring_on_commit(task.queue_name)  # a worker may have passed it over meanwhile
        return True
    return False


def _hurry(task: Task[..., Any], key: str) -> None:
    waiting = Job.objects.waiting().filter(task=task.module_path, dedupe_key=key)
    waiting.filter(run_after__gt=timezone.now()).update(run_after=timezone.now())


def _insert(task: Task[P, T], args: Any, kwargs: Any, *, dedupe_key: str | None = None) -> Job:
    now = timezone.now()
    job = Job.objects.create(
        task=task.module_path,
        args=normalize_json(args),
        kwargs=normalize_json(kwargs),
        lane=task.queue_name,
        priority=task.priority,
        run_after=task.run_after or now,
        created_at=now,
        dedupe_key=dedupe_key,
    )
    if job.run_after <= now:
        ring_on_commit(job.lane)
    return job


def _hold_back(path: str, key: str) -> bool:
    """Whether an equal job waits; if so no worker can claim it before the current transaction ends.

    On SQLite the transaction itself is the only writer. On PostgreSQL the weakest row lock keeps claims (which skip
    locked rows) away, and lets other callers pass.
    """
    if connection.vendor != "postgresql":
        return Job.objects.waiting().filter(task=path, dedupe_key=key).exists()
    with connection.cursor() as cursor:
        cursor.execute(
            "select 1 from kernel_job where dedupe_key = %s and task = %s and state = %s limit 1"
            " for key share skip locked",
            [key, path, State.READY],
        )
        return cursor.fetchone() is not None
