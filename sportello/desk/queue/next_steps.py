"""What is left for an administrator before the desk is at work? Nothing, once mail and colleagues are there."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from sportello.channels.email.models import Mailbox
from sportello.people.models import Team, User


@dataclass(frozen=True)
class Step:
    title: str
    why: str
    url: str
    done: bool


def next_steps(user: User) -> list[Step]:
    """In the order in which they help; none for others than administrators, and none when all are done."""
    if not user.is_administrator:
        return []
    team = Team.objects.order_by("pk").first()
    steps = [
        Step(
            _("Connect a mailbox"),
            _("Until then mail neither comes in nor goes out."),
            reverse("desk:new_mailbox"),
            Mailbox.objects.active().exists(),
        ),
        Step(
            _("Invite your colleagues"),
            _("Each signs in with an account of their own."),
            reverse("desk:new_staff"),
            User.objects.staff().but(user).exists(),
        ),
        Step(
            _("Look at your team"),
            _("Who belongs to it sees its tickets."),
            reverse("desk:team_settings", args=[team.pk]) if team else reverse("desk:new_team"),
            team is not None and team.memberships.exists(),
        ),
    ]
    return [] if all(step.done for step in steps) else steps
