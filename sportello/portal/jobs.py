"""The work of `portal` that is done later: mails, so that a known address takes no longer than an unknown one."""

from datetime import timedelta

from django.utils import timezone
from django_tasks import task

from sportello.portal import letters
from sportello.tickets.models import Submission

KEPT = timedelta(days=3)


@task(queue_name="mail")
def mail_link(number: int, address: str) -> None:
    letters.send_link(number, address)


@task(queue_name="mail")
def mail_fresh_link(token: str) -> None:
    letters.send_fresh_link(token)


@task(queue_name="bulk")
def prune_submissions() -> None:
    Submission.objects.older_than(timezone.now() - KEPT).delete()
