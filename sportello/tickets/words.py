"""Which words may a ticket carry? Statuses and their transitions, priorities, types, channels, kinds of message."""

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _

from sportello.kernel.text import one_line


class Status(TextChoices):
    NEW = "new", _("New")
    OPEN = "open", _("Open")
    WAITING = "waiting", _("Waiting for customer")
    ON_HOLD = "on_hold", _("On hold")
    SOLVED = "solved", _("Solved")
    CLOSED = "closed", _("Closed")


ACTIVE = (Status.NEW, Status.OPEN, Status.WAITING, Status.ON_HOLD)

ALLOWED_FROM: dict[str, frozenset[str]] = {
    Status.NEW: frozenset(),
    Status.OPEN: frozenset({Status.NEW, Status.WAITING, Status.ON_HOLD, Status.SOLVED}),
    Status.WAITING: frozenset({Status.NEW, Status.OPEN, Status.ON_HOLD, Status.SOLVED}),
    Status.ON_HOLD: frozenset({Status.NEW, Status.OPEN, Status.WAITING, Status.SOLVED}),
    Status.SOLVED: frozenset({Status.NEW, Status.OPEN, Status.WAITING, Status.ON_HOLD}),
    Status.CLOSED: frozenset({Status.SOLVED}),
}

# by a person, through the verb of that name; the others come by themselves
SETTABLE: dict[Status, str] = {
    Status.OPEN: "start", Status.WAITING: "wait", Status.ON_HOLD: "hold", Status.SOLVED: "solve",
}  # fmt: skip

LONGEST_SUBJECT = 500
LONGEST_TYPED_SUBJECT = 5000  # what is taken, and shortened
LONGEST_SOLUTION = 2000
MOST_TAGS = 50  # in one go
MOST_ADDRESSES = 50  # in To, and in Cc


def clean_subject(subject: str) -> str:
    """One line without control characters, of at most 500; never empty."""
    return " ".join(one_line(subject[:LONGEST_TYPED_SUBJECT]).split())[:LONGEST_SUBJECT] or "…"


def clean_text(text: str) -> str:
    """Without what no database keeps: NUL and halves of characters."""
    return text.replace("\0", "").encode("utf-8", "replace").decode()


class Priority(IntegerChoices):
    LOW = 1, _("Low")
    NORMAL = 2, _("Normal")
    HIGH = 3, _("High")
    URGENT = 4, _("Urgent")


class TicketType(TextChoices):
    QUESTION = "question", _("Question")
    INCIDENT = "incident", _("Incident")
    PROBLEM = "problem", _("Problem")
    TASK = "task", _("Task")


class Channel(TextChoices):
    EMAIL = "email", _("E-mail")
    FORM = "form", _("Form")
    PORTAL = "portal", _("Portal")
    PHONE = "phone", _("Phone")
    API = "api", _("API")


class MessageKind(TextChoices):
    PUBLIC = "public", _("Public message")
    NOTE = "note", _("Internal note")
    SYSTEM = "system", _("System message")


class Sort(TextChoices):
    """In which order a list of tickets stands; what is still to do comes first."""

    URGENCY = "urgency", _("Most urgent first")
    ARRIVAL = "arrival", _("Longest waiting first")
    UPDATED = "updated", _("Last updated first")
