"""When is a signal forgotten? When every process has surely read it."""

from datetime import timedelta

from django.utils import timezone
from django_tasks import task

from sportello.kernel.models import LiveSignal

KEEP = timedelta(minutes=10)


@task(queue_name="bulk")
def prune_signals() -> None:
    LiveSignal.objects.sent_before(timezone.now() - KEEP).delete()
