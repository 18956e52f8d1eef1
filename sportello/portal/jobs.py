"""The work of `portal` that is done later: mails, so that a known address takes no longer than an unknown one."""

from django_tasks import task

from sportello.portal import letters


@task
def mail_link(number: int, address: str) -> None:
    letters.send_link(number, address)


@task
def mail_fresh_link(token: str) -> None:
    letters.send_fresh_link(token)
