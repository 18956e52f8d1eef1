"""What is left for an administrator before the desk is at work? Nothing, once mail and colleagues are there."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from sportello.channels.email.links import misled_among
from sportello.channels.email.models import Mailbox
from sportello.people.models import User
from sportello.people.policy import can_administer


@dataclass(frozen=True)
class Step:
    title: str
    why: str
    url: str
    done: bool


def next_steps(user: User) -> list[Step]:
    """In the order in which they help; none for others than administrators, and none when all are done."""
    if not can_administer(user):
        return []
    mailboxes = list(Mailbox.objects.active())
    steps = [
        Step(
            _("Connect a mailbox"),
            _("Until then mail neither comes in nor goes out."),
            reverse("desk:new_mailbox"),
            bool(mailboxes),
        ),
        Step(
            _("Invite your colleagues"),
            _("Each signs in with an account of their own."),
            reverse("desk:new_staff"),
            User.objects.staff().but(user).exists(),
        ),
    ]
    if misled := misled_among(mailboxes):
        steps.append(
            Step(
                _("Name the address that customers open"),
                _("Links in mails lead to this machine only, until it is in SPORTELLO_URL."),
                reverse("desk:mailbox_settings", args=[misled.pk]),
                done=False,
            )
        )
    return [] if all(step.done for step in steps) else steps
