"""How does a request begin, and where does a later answer go?"""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from sportello.people.models import User
from sportello.people.testing import make_agent, make_customer, make_organisation, make_team
from sportello.tickets import intake
from sportello.tickets.conversation import Words
from sportello.tickets.jobs import close_finished_tickets
from sportello.tickets.models import Message, Ticket
from sportello.tickets.testing import make_ticket
from sportello.tickets.words import Channel, Priority, Status, TicketType

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 3, 12, tzinfo=UTC)


def answer(ticket: Ticket, text: str = "It is cold again.", by: User | None = None) -> Message:
    return intake.answer(
        Ticket.objects.get(pk=ticket.pk), Words(text=text), by=by or ticket.requester, channel=Channel.EMAIL
    )


def solved(days: int, *, at: datetime = NOON) -> Ticket:
    """A ticket of a team with that window, solved at noon."""
    with time_machine.travel(at, tick=False):
        ticket = make_ticket(team=make_team(follow_up_days=days), subject="Heating")
        ticket.solve(by=make_agent(ticket.team))
    return ticket


def test_a_request_is_a_ticket_with_its_first_message() -> None:
    hotel = make_organisation("Hotel", "hotel.example")
    ana = make_customer("ana@hotel.example", language="ro")
    team = make_team()
    ticket = make_ticket(requester=ana, team=team, subject="Heating", text="Cold.", channel=Channel.FORM)
    assert (ticket.status, ticket.priority, ticket.type) == (Status.NEW, Priority.NORMAL, TicketType.QUESTION)
    assert (ticket.requester, ticket.organisation, ticket.team, ticket.assignee) == (ana, hotel, team, None)
    assert (ticket.channel, ticket.language, ticket.excerpt) == (Channel.FORM, "ro", "Cold.")
    message = ticket.messages.get()
    assert (message.text, message.author, message.incoming, message.third_party) == ("Cold.", ana, 1, False)
    assert [entry.kind for entry in ticket.timeline.all()] == ["TicketOpened", "MessageAdded"]


def test_an_agent_opens_a_ticket_for_a_customer() -> None:
    ana, team = make_customer(), make_team()
    agent = make_agent(team)
    ticket = intake.open_ticket(
        intake.NewTicket(subject="By phone", requester=ana, team=team, words=Words(text="Cold."), channel="phone"),
        by=agent,
    )
    assert ticket.timeline.earliest("id").actor == agent
    assert ticket.messages.get().author == ana


def test_the_text_decides_the_language_before_the_person() -> None:
    ana = make_customer(language="ro")
    new = intake.NewTicket("x", ana, make_team(), Words(text="Fa freddo.", language="it"))
    assert intake.open_ticket(new).language == "it"


@pytest.mark.parametrize("days", [1, 14])
def test_an_answer_within_the_teams_window_reopens(days: int) -> None:
    ticket = solved(days)
    with time_machine.travel(NOON + timedelta(days=days), tick=False):
        message = answer(ticket)
    assert message.ticket_id == ticket.pk
    assert Ticket.objects.get(pk=ticket.pk).status == Status.OPEN


@pytest.mark.parametrize("days", [1, 14])
def test_an_answer_after_the_window_opens_a_linked_new_ticket(days: int) -> None:
    ticket = solved(days)
    with time_machine.travel(NOON + timedelta(days=days, seconds=1), tick=False):
        message = answer(ticket, "It is cold again.")
    follow_up = message.ticket
    assert (follow_up.follow_up_of, follow_up.status, follow_up.subject) == (ticket, Status.NEW, "Heating")
    assert follow_up.team == ticket.team
    assert [m.text for m in follow_up.messages.all()] == ["It is cold again."]
    assert Ticket.objects.get(pk=ticket.pk).status == Status.SOLVED
    assert ticket.messages.count() == 1
    assert ticket.timeline.latest("id").data["follow_up_id"] == follow_up.pk


def test_an_answer_to_a_closed_ticket_opens_a_linked_new_one_and_it_stays_closed() -> None:
    ticket = solved(14)
    with time_machine.travel(NOON + timedelta(hours=1), tick=False):
        ticket.close(by=make_agent(ticket.team))
        message = answer(ticket)
    assert message.ticket.follow_up_of == ticket
    assert Ticket.objects.get(pk=ticket.pk).status == Status.CLOSED


def test_a_follow_up_belongs_to_whoever_answered() -> None:
    ticket, colleague = solved(1), make_customer()
    with time_machine.travel(NOON + timedelta(days=2), tick=False):
        assert answer(ticket, by=colleague).ticket.requester == colleague


def test_the_window_counts_from_the_last_solving() -> None:
    ticket = solved(2)
    agent = make_agent(ticket.team)
    with time_machine.travel(NOON + timedelta(days=1), tick=False):
        ticket.start(by=agent)
        ticket.solve(by=agent)
    with time_machine.travel(NOON + timedelta(days=3), tick=False):
        assert answer(ticket).ticket_id == ticket.pk


def test_finished_tickets_close_by_themselves_after_their_teams_window() -> None:
    early, late = solved(1), solved(7)
    with time_machine.travel(NOON + timedelta(days=2), tick=False):
        close_finished_tickets.call()
    assert Ticket.objects.get(pk=early.pk).status == Status.CLOSED
    assert Ticket.objects.get(pk=late.pk).status == Status.SOLVED
    entry = early.timeline.latest("id")
    assert (entry.kind, entry.actor, entry.cause) == (
        "TicketClosed",
        User.objects.system(),
        {"by": "follow-up window", "days": 1},
    )


def test_what_is_not_solved_does_not_close() -> None:
    ticket = solved(1)
    ticket.start(by=make_agent(ticket.team))
    with time_machine.travel(NOON + timedelta(days=30), tick=False):
        close_finished_tickets.call()
    assert Ticket.objects.get(pk=ticket.pk).status == Status.OPEN


def test_a_window_beyond_every_calendar_is_a_long_one() -> None:
    """As it can stand in a row of SQLite that no form has checked."""
    late = solved(14)
    late.team.follow_up_days = 2_147_483_647
    assert not late.needs_follow_up and late.team.follow_up_window == timedelta(days=3650)
