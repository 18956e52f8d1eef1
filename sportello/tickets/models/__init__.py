"""The nouns of `tickets`."""

from sportello.tickets.models.bulk import BulkJob, BulkOutcome
from sportello.tickets.models.entry import TimelineEntry
from sportello.tickets.models.message import Attachment, Message
from sportello.tickets.models.presence import Presence, TicketSeen
from sportello.tickets.models.submission import Submission
from sportello.tickets.models.tag import Participant, Tag, TicketTag
from sportello.tickets.models.ticket import Ticket
from sportello.tickets.models.view import SavedView

__all__ = [
    "Attachment",
    "BulkJob",
    "BulkOutcome",
    "Message",
    "Participant",
    "Presence",
    "SavedView",
    "Submission",
    "Tag",
    "Ticket",
    "TicketSeen",
    "TicketTag",
    "TimelineEntry",
]
