"""Who may do what with a ticket? Desk, portal and API all ask here."""

from sportello.people.models import User
from sportello.people.roles import Right
from sportello.tickets.models import Message, SavedView, Ticket
from sportello.tickets.words import Status


def can_view(user: User, ticket: Ticket) -> bool:
    """At the desk."""
    return user.has_right(Right.VIEW, ticket.team_id)


def can_note(user: User, ticket: Ticket) -> bool:
    return user.has_right(Right.NOTE, ticket.team_id)


def can_reply(user: User, ticket: Ticket) -> bool:
    return user.has_right(Right.REPLY, ticket.team_id) and ticket.status != Status.CLOSED


def can_change(user: User, ticket: Ticket) -> bool:
    """Status, priority, type, subject, tags, participants. Which status may follow which is no question of rights."""
    return user.has_right(Right.CHANGE, ticket.team_id)


def can_solve(user: User, ticket: Ticket) -> bool:
    return can_change(user, ticket) and ticket.status != Status.CLOSED


def can_assign(user: User, ticket: Ticket, assignee: User | None = None) -> bool:
    """Only to someone who may answer in the ticket's team; what is closed stays where it is."""
    allowed = user.has_right(Right.ASSIGN, ticket.team_id) and ticket.status != Status.CLOSED
    return allowed and (assignee is None or assignee.has_right(Right.REPLY, ticket.team_id))


def can_move(user: User, ticket: Ticket) -> bool:
    """To any team, so that nobody's request is stuck at the wrong counter."""
    return can_change(user, ticket) and ticket.status != Status.CLOSED


def can_withdraw(user: User, message: Message) -> bool:
    """Take a reply back: only whoever wrote it."""
    return message.author_id == user.pk and can_reply(user, message.ticket)


def can_open(user: User, team_id: int) -> bool:
    """Enter a ticket at the desk for a customer."""
    return user.has_right(Right.REPLY, team_id)


def can_follow(user: User, ticket: Ticket) -> bool:
    """See the public thread and answer in it, as a customer."""
    return Ticket.objects.followed_by(user).filter(pk=ticket.pk).exists()


def can_edit_view(user: User, view: SavedView) -> bool:
    return view.owner_id == user.pk or (view.team_id is not None and user.has_right(Right.MANAGE, view.team_id))
