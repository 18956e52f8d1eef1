"""Who sees which ticket, message and file? At the desk by team, in the portal by following."""

from collections.abc import Callable

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from sportello.kernel.files import keep
from sportello.people.models import User
from sportello.people.roles import Role
from sportello.people.testing import make_administrator, make_agent, make_customer, make_organisation, make_team
from sportello.tickets import policy
from sportello.tickets.conversation import Words
from sportello.tickets.files import NewFile
from sportello.tickets.intake import NewTicket, open_ticket
from sportello.tickets.models import Attachment, Message, SavedView, Ticket
from sportello.tickets.saved_views import keep_view
from sportello.tickets.testing import make_note, make_ticket

pytestmark = pytest.mark.django_db


def visible(user: User) -> set[Ticket]:
    return set(Ticket.objects.visible_to(user))


def followed(user: User) -> set[Ticket]:
    return set(Ticket.objects.followed_by(user))


def again(user: User) -> User:
    """As a new request would know the person."""
    fresh: User = User.objects.select_related("organisation").get(pk=user.pk)
    return fresh


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.AGENT, Role.LIGHT_AGENT])
def test_staff_see_the_tickets_of_their_teams(role: Role) -> None:
    own, other = make_ticket(), make_ticket()
    user = make_agent(own.team, role=role)
    assert visible(user) == {own}
    assert policy.can_view(user, own)
    assert not policy.can_view(user, other)


def test_administrators_see_every_ticket() -> None:
    tickets = {make_ticket(), make_ticket()}
    assert visible(make_administrator()) == tickets


def test_staff_without_a_team_see_nothing() -> None:
    make_ticket()
    assert visible(make_agent()) == set()


def test_customers_see_what_they_asked_and_what_they_are_copied_on() -> None:
    asked, copied, foreign = make_ticket(), make_ticket(), make_ticket()
    ana = asked.requester
    copied.add_participant(ana, by=make_agent(copied.team))
    assert visible(ana) == followed(ana) == {asked, copied}
    assert foreign not in visible(ana)
    copied.remove_participant(ana, by=make_agent(copied.team))
    assert visible(ana) == {asked}


def test_an_agent_who_is_also_a_customer_follows_only_what_is_theirs() -> None:
    asked, team = make_ticket(), make_team()
    own = make_ticket(team=team)
    agent = make_agent(team)
    mine = make_ticket(requester=agent)
    assert visible(agent) == {own}
    assert followed(agent) == {mine}
    assert policy.can_follow(agent, mine)
    assert not policy.can_view(agent, mine)
    assert not policy.can_follow(agent, asked)


def test_an_organisation_shares_requests_only_if_it_wants_to() -> None:
    hotel = make_organisation("Hotel", "hotel.example")
    ana, bogdan = make_customer("ana@hotel.example"), make_customer("bogdan@hotel.example")
    ticket = make_ticket(requester=ana)
    assert followed(again(bogdan)) == set()
    hotel.shares_requests = True
    hotel.save(update_fields=["shares_requests"])
    assert followed(again(bogdan)) == {ticket}
    assert followed(again(make_customer("x@other.example"))) == set()


def test_who_follows_twice_over_sees_it_once() -> None:
    hotel = make_organisation("Hotel", "hotel.example")
    hotel.shares_requests = True
    hotel.save(update_fields=["shares_requests"])
    ana, bogdan = make_customer("ana@hotel.example"), make_customer("bogdan@hotel.example")
    ticket = make_ticket(requester=ana)
    ticket.add_participant(bogdan, by=ana)
    assert list(Ticket.objects.followed_by(again(ana))) == [ticket]
    assert list(Ticket.objects.followed_by(again(bogdan))) == [ticket]


@pytest.mark.parametrize("maker", [make_customer, make_administrator, lambda: make_agent(make_team())])
def test_the_inactive_see_nothing(maker: Callable[[], User]) -> None:
    user = maker()
    ticket = make_ticket(requester=user)
    user.is_active = False
    assert not Ticket.objects.visible_to(user).exists()
    assert not Ticket.objects.followed_by(user).exists()
    assert not Message.objects.visible_to(user).exists()
    assert not Attachment.objects.visible_to(user).exists()
    assert not policy.can_view(user, ticket)


def test_the_system_sees_nothing_on_nobodys_behalf() -> None:
    make_ticket()
    assert visible(User.objects.system()) == set()


def test_staff_see_notes_and_customers_do_not() -> None:
    ticket = make_ticket()
    agent = make_agent(ticket.team)
    note = make_note(ticket, agent)
    assert note in Message.objects.visible_to(agent)
    assert note not in Message.objects.visible_to(ticket.requester)
    assert note not in Message.objects.visible_to(make_agent(make_team()))


def test_files_are_seen_by_whoever_sees_their_message() -> None:
    team = make_team()
    file = NewFile("plan.pdf", b"%PDF-", "application/pdf")
    ticket = open_ticket(NewTicket("Plan", make_customer(), team, Words(text="Here.", files=[file])))
    agent = make_agent(team)
    secret = Attachment.objects.create(message=make_note(ticket, agent), blob=keep(b"x"), name="notes.txt", size=1)
    public = Attachment.objects.exclude(pk=secret.pk).get()
    assert set(Attachment.objects.visible_to(agent)) == {public, secret}
    assert set(Attachment.objects.visible_to(ticket.requester)) == {public}
    assert set(Attachment.objects.followed_by(ticket.requester)) == {public}
    assert not Attachment.objects.visible_to(make_customer()).exists()
    assert not Attachment.objects.visible_to(make_agent(make_team())).exists()


def test_saved_views_are_seen_by_owner_and_team() -> None:
    team = make_team()
    marta, luca = make_agent(team), make_agent(team)
    own = SavedView.objects.create(name="Mine", owner=marta)
    shared = SavedView.objects.create(name="Ours", owner=marta, team=team)
    assert set(SavedView.objects.visible_to(marta)) == {own, shared}
    assert set(SavedView.objects.visible_to(luca)) == {shared}
    assert not SavedView.objects.visible_to(make_agent(make_team())).exists()
    assert not policy.can_edit_view(luca, shared)
    assert policy.can_edit_view(make_agent(team, role=Role.SUPERVISOR), shared)
    assert policy.can_edit_view(marta, shared)


def test_who_only_reads_along_puts_no_view_before_the_team() -> None:
    team = make_team()
    light = make_agent(team, role=Role.LIGHT_AGENT)
    own = SavedView.objects.create(name="Mine", owner=light)
    shared = SavedView.objects.create(name="Ours", owner=light, team=team)  # from when they were an agent
    assert policy.can_edit_view(light, own) and not policy.can_edit_view(light, shared)
    assert not policy.can_share_view(light, team.pk)
    assert policy.can_share_view(make_agent(team), team.pk)
    with pytest.raises(PermissionDenied):
        keep_view(own, by=light, team=team)


# right: (view, note, reply, change and solve and move, assign), by role in the ticket's own team
ACTS = {
    Role.SUPERVISOR: (True, True, True, True, True),
    Role.AGENT: (True, True, True, True, True),
    Role.LIGHT_AGENT: (True, True, False, False, False),
    Role.CUSTOMER: (False, False, False, False, False),
}


@pytest.mark.parametrize("role", ACTS)
def test_who_may_act_on_a_ticket_of_their_team(role: Role) -> None:
    ticket = make_ticket()
    user = make_customer() if role == Role.CUSTOMER else make_agent(ticket.team, role=role)
    view, note, reply, change, assign = ACTS[role]
    assert policy.can_view(user, ticket) == view
    assert policy.can_note(user, ticket) == note
    assert policy.can_reply(user, ticket) == reply
    assert policy.can_open(user, ticket.team_id) == reply
    for may in (policy.can_change, policy.can_solve, policy.can_move):
        assert may(user, ticket) == change
    assert policy.can_assign(user, ticket) == assign


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.AGENT, Role.LIGHT_AGENT, Role.CUSTOMER])
def test_nobody_acts_on_a_ticket_of_another_team(role: Role) -> None:
    ticket = make_ticket()
    user = make_customer() if role == Role.CUSTOMER else make_agent(make_team(), role=role)
    acts = (policy.can_view, policy.can_note, policy.can_reply, policy.can_change, policy.can_solve, policy.can_assign)
    assert not any(may(user, ticket) for may in acts)


def test_a_ticket_is_assigned_only_to_someone_who_may_answer_it() -> None:
    ticket = make_ticket()
    for fitting in (make_agent(ticket.team), make_administrator(), None):
        ticket.check_assignee(fitting)
    for other in (make_agent(ticket.team, role=Role.LIGHT_AGENT), make_agent(make_team()), make_customer()):
        with pytest.raises(ValidationError, match=f"{other} does not answer in {ticket.team}."):
            ticket.check_assignee(other)


def test_a_closed_ticket_takes_no_reply_from_anyone() -> None:
    ticket = make_ticket()
    agent = make_agent(ticket.team)
    ticket.solve(by=agent)
    ticket.close(by=agent)
    assert not policy.can_reply(agent, ticket)
    assert policy.can_note(agent, ticket)
