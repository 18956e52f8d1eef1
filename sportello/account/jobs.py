"""The work of `account` that is done later: mails, so that a known address takes no longer than an unknown one."""

from django_tasks import task

from sportello.account import letters
from sportello.people.models import OneTimeLink, SignedInSession, User


@task
def mail_sign_in_link(address: str, after: str) -> None:
    letters.send_sign_in_link(address, after)


@task
def mail_password_link(address: str) -> None:
    letters.send_password_link(address)


@task
def mail_address_link(user_id: int, address: str) -> None:
    letters.send_address_link(User.objects.get(pk=user_id), address)


@task
def mail_invitation(user_id: int) -> None:
    letters.send_invitation(User.objects.get(pk=user_id))


@task(queue_name="bulk")
def prune_sign_ins() -> None:
    """What has run out: links, and browsers whose session is over."""
    OneTimeLink.objects.expired().delete()
    SignedInSession.objects.gone().delete()
