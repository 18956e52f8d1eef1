"""Which team answers, who is in it, and with which rights?"""

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

from sportello.people.querysets import TeamQuerySet
from sportello.people.roles import TEAM_ROLES, Role

if TYPE_CHECKING:
    from sportello.people.models.user import User

LONGEST_FOLLOW_UP_DAYS = 3650  # beyond which calendars end
ICONS = {
    "chat": _("Speech bubble"), "mail": _("Letter"), "phone": _("Telephone"), "wifi": _("Radio waves"),
    "flame": _("Flame"), "wrench": _("Wrench"), "invoice": _("Invoice"), "calendar": _("Calendar"),
    "lock": _("Lock"), "user": _("Person"), "building": _("Building"), "star": _("Star"),
}  # fmt: skip


class Team(models.Model):
    name = models.CharField(_("name"), max_length=100, unique=True)
    hue = models.PositiveSmallIntegerField(default=1)
    follow_up_days = models.PositiveSmallIntegerField(
        _("follow-up window"),
        default=14,
        help_text=_(
            "For this many days after solving, an answer reopens the ticket. Later answers open a new, linked one."
        ),
    )
    signature = models.TextField(_("signature"), blank=True)
    is_active = models.BooleanField(default=True)
    is_offered = models.BooleanField(
        _("offered to customers"), default=True, help_text=_("Customers can choose this team as a topic in the portal.")
    )
    topic_hint = models.CharField(
        _("words under the topic"), max_length=100, blank=True, help_text=_("Such as: copies, payments, renewal.")
    )
    topic_icon = models.CharField(_("icon"), max_length=12, choices=[(name, name) for name in ICONS], default="chat")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = TeamQuerySet.as_manager()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def follow_up_window(self) -> timedelta:
        """Never longer than calendars go, whatever the row says."""
        return timedelta(days=min(self.follow_up_days, LONGEST_FOLLOW_UP_DAYS))


class Membership(models.Model):
    """A person's role in one team; it may differ from team to team."""

    user = models.ForeignKey("people.User", models.CASCADE, related_name="memberships", db_index=False)
    team = models.ForeignKey(Team, models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=20, choices=[(role.value, role.label) for role in TEAM_ROLES])

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "team"], name="membership_once_a_team")]

    def __str__(self) -> str:
        return f"{self.user_id} in {self.team_id} as {self.role}"


def join_team(user: "User", team: Team, role: str = Role.AGENT) -> Membership:
    """Make the person a member, or change the role of an existing membership."""
    membership, _created = Membership.objects.update_or_create(user=user, team=team, defaults={"role": role})
    user.forget_rights()
    return membership


def leave_team(user: "User", team: Team) -> None:
    Membership.objects.filter(user=user, team=team).delete()
    user.forget_rights()
