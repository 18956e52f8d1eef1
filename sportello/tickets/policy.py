"""Who may do what with a ticket? Desk, portal and API all ask here."""

from sportello.people.models import User
from sportello.people.policy import can_use_desk
from sportello.people.roles import Right
from sportello.tickets.events import TicketSolved
from sportello.tickets.intake import Entered
from sportello.tickets.models import Message, SavedView, Ticket
from sportello.tickets.words import SETTABLE, Channel, Priority, Status, TicketType

SHARING = Right.CHANGE  # of views with a team


def can_view(user: User, ticket: Ticket) -> bool:
    """At the desk."""
    return user.has_right(Right.VIEW, ticket.team_id)


def can_note(user: User, ticket: Ticket) -> bool:
    return user.has_right(Right.NOTE, ticket.team_id)


def can_reply(user: User, ticket: Ticket, then: str = "") -> bool:
    """`then` is the status that the reply is to bring along."""
    allowed = user.has_right(Right.REPLY, ticket.team_id) and ticket.status != Status.CLOSED
    return allowed and (not then or can_set(user, ticket, then))


def can_change(user: User, ticket: Ticket) -> bool:
    """Priority, type, subject, tags, participants; for the status ask `can_set`."""
    return user.has_right(Right.CHANGE, ticket.team_id)


def can_set(user: User, ticket: Ticket, status: str) -> bool:
    """Give it that status, through whichever door. Which status may follow which is no question of rights."""
    if status == Status.SOLVED:
        return can_solve(user, ticket)
    return status in SETTABLE and can_change(user, ticket)


def can_solve(user: User, ticket: Ticket, note: str = "") -> bool:
    """Agents, and those who follow the request: they know best whether it is done, but do not say how to the others."""
    return ticket.status != Status.CLOSED and (can_change(user, ticket) or (not note and can_follow(user, ticket)))


def can_unsolve(user: User, ticket: Ticket) -> bool:
    """Take the solution back before the customer hears of it: only whoever gave it."""
    solved = ticket.timeline.filter(kind=TicketSolved.kind).last()
    return solved is not None and solved.actor_id == user.pk and can_change(user, ticket)


def can_assign(user: User, ticket: Ticket) -> bool:
    """What is closed stays where it is. With whom it can lie is no question of rights: `ticket.check_assignee`."""
    return user.has_right(Right.ASSIGN, ticket.team_id) and ticket.status != Status.CLOSED


def can_move(user: User, ticket: Ticket) -> bool:
    """To any team, so that nobody's request is stuck at the wrong counter."""
    return can_change(user, ticket) and ticket.status != Status.CLOSED


def can_put_back(user: User, ticket: Ticket, team_id: int) -> bool:
    """Undo one's own change that took the ticket from that team out of sight, while nobody has touched it since."""
    untouched = ticket.timeline.latest("id").actor_id == user.pk
    return untouched and user.has_right(Right.CHANGE, team_id)


def can_withdraw(user: User, message: Message) -> bool:
    """Take a reply back: only whoever wrote it."""
    return message.author_id == user.pk and can_reply(user, message.ticket)


def sees_no_team(user: User) -> bool:
    """At the desk, and yet before no ticket at all."""
    return user.is_staff and user.is_active and user.teams_with(Right.VIEW) == []


def can_open_some(user: User) -> bool:
    """Whether there is a team in which they may enter tickets."""
    return user.teams_with(Right.REPLY) != []


def can_open(user: User, team_id: int) -> bool:
    """Enter a ticket at the desk for a customer."""
    return user.has_right(Right.REPLY, team_id)


def can_enter(user: User, entered: Entered) -> bool:
    """Open this ticket, through whichever door. For oneself everybody may."""
    team_id = entered.team.pk
    for_oneself = not entered.requester and not entered.note.strip() and entered.channel == Channel.API
    if not for_oneself and not can_open(user, team_id):
        return False
    if entered.assignee and not user.has_right(Right.ASSIGN, team_id):
        return False
    return _is_plain(entered) or user.has_right(Right.CHANGE, team_id)


def _is_plain(entered: Entered) -> bool:
    """It says as much as the portal's form asks: up to high. Whoever cannot change tickets says no more."""
    plain = entered.priority <= Priority.HIGH and entered.type == TicketType.QUESTION
    return plain and not entered.tags and not entered.cc


def can_follow(user: User, ticket: Ticket) -> bool:
    """See the public thread and answer in it, as a customer."""
    return Ticket.objects.followed_by(user).filter(pk=ticket.pk).exists()


def can_see_inside(user: User) -> bool:
    """What the desk knows beside the public words: tags, notes, who has it in hand. How far, says `visible_to`."""
    return can_use_desk(user)


def can_share_view(user: User, team_id: int) -> bool:
    """Put a view into the sidebar of a whole team: who works on its requests, not who only reads along."""
    return user.has_right(SHARING, team_id)


def can_edit_view(user: User, view: SavedView) -> bool:
    """One's own; of a team's, the supervisor, and its owner as long as they may share it."""
    if view.team_id is None:
        return view.owner_id == user.pk
    own = view.owner_id == user.pk and can_share_view(user, view.team_id)
    return own or user.has_right(Right.MANAGE, view.team_id)
