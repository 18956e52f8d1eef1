"""Which role may do what? One table; policies in every context ask it."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Role(TextChoices):
    ADMINISTRATOR = "administrator", _("Administrator")
    SUPERVISOR = "supervisor", _("Supervisor")
    AGENT = "agent", _("Agent")
    LIGHT_AGENT = "light_agent", _("Light agent")
    CUSTOMER = "customer", _("Customer")
    SYSTEM = "system", _("System")


STAFF = (Role.ADMINISTRATOR, Role.SUPERVISOR, Role.AGENT, Role.LIGHT_AGENT)
TEAM_ROLES = (Role.SUPERVISOR, Role.AGENT, Role.LIGHT_AGENT)


class Right(TextChoices):
    """What a person may do with the tickets of a team."""

    VIEW = "view", pgettext_lazy("right", "Read")
    NOTE = "note", _("Write notes")
    REPLY = "reply", _("Answer customers")
    CHANGE = "change", _("Change status, priority, tags, team")
    ASSIGN = "assign", pgettext_lazy("right", "Assign")
    MANAGE = "manage", _("Manage the team")


RIGHTS: dict[str, frozenset[Right]] = {
    Role.LIGHT_AGENT: frozenset({Right.VIEW, Right.NOTE}),
    Role.AGENT: frozenset({Right.VIEW, Right.NOTE, Right.REPLY, Right.CHANGE, Right.ASSIGN}),
    Role.SUPERVISOR: frozenset(Right),
    Role.ADMINISTRATOR: frozenset(Right),
}
