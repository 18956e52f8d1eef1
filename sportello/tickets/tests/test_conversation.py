"""What does each thing that is said do to a ticket, and what is taken back with a reply?"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from sportello.people.models import User
from sportello.people.testing import make_agent, make_customer
from sportello.tickets import conversation, policy
from sportello.tickets.conversation import UNDO_SECONDS, TooLate, Words, excerpt_of
from sportello.tickets.models import Message, Ticket
from sportello.tickets.models.ticket import TransitionRefused
from sportello.tickets.testing import make_note, make_reply, make_ticket
from sportello.tickets.words import Channel, Status

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 3, 12, tzinfo=UTC)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


def hear(ticket: Ticket, by: User | None = None, text: str = "And now?", *, wakes: bool = True) -> Message:
    return conversation.receive(ticket, Words(text=text), by=by or ticket.requester, channel=Channel.EMAIL, wakes=wakes)


def now(ticket: Ticket) -> Ticket:
    return Ticket.objects.get(pk=ticket.pk)


@pytest.mark.parametrize("verb", [Ticket.wait, Ticket.hold, Ticket.solve])
def test_a_customers_answer_opens_a_parked_or_solved_ticket(verb: Callable[..., bool]) -> None:
    ticket = make_ticket()
    verb(ticket, by=make_agent(ticket.team))
    hear(ticket)
    assert now(ticket).status == Status.OPEN


def test_a_customers_second_message_leaves_a_new_ticket_new() -> None:
    ticket = make_ticket()
    hear(ticket)
    assert now(ticket).status == Status.NEW


def test_the_answer_of_somebody_in_copy_opens_it_too_and_is_marked() -> None:
    ticket = make_ticket()
    ticket.wait(by=make_agent(ticket.team))
    message = hear(ticket, make_customer())
    assert message.third_party
    assert now(ticket).status == Status.OPEN


def test_automatic_mail_wakes_nobody() -> None:
    ticket = make_ticket()
    ticket.wait(by=make_agent(ticket.team))
    hear(ticket, wakes=False)
    assert now(ticket).status == Status.WAITING
    assert ticket.messages.count() == 2


def test_a_customers_message_is_noted_as_the_last_from_their_side(clock: time_machine.Traveller) -> None:
    ticket = make_ticket()
    clock.shift(60)
    hear(ticket, text="Still cold.")
    clock.shift(60)
    make_reply(ticket, make_agent(ticket.team))
    fresh = now(ticket)
    assert fresh.last_customer_at == NOON + timedelta(seconds=60)
    assert fresh.last_message_at == NOON + timedelta(seconds=120)


@pytest.mark.parametrize(
    ("then", "status"),
    [
        ("", Status.OPEN),
        (Status.OPEN, Status.OPEN),
        (Status.WAITING, Status.WAITING),
        (Status.ON_HOLD, Status.ON_HOLD),
        (Status.SOLVED, Status.SOLVED),
    ],
)
def test_a_reply_goes_on_to_a_status(then: str, status: Status) -> None:
    ticket = make_ticket()
    agent = make_agent(ticket.team)
    make_reply(ticket, agent, then=then)
    assert (now(ticket).status, now(ticket).assignee) == (status, agent)


def test_a_reply_leaves_a_solved_ticket_solved_unless_told_otherwise() -> None:
    ticket = make_ticket()
    agent = make_agent(ticket.team)
    ticket.solve(by=agent)
    make_reply(ticket, agent)
    assert now(ticket).status == Status.SOLVED
    make_reply(ticket, agent, then=Status.OPEN)
    assert now(ticket).status == Status.OPEN


def test_a_reply_that_solves_says_how_and_that_the_customer_is_told() -> None:
    ticket = make_ticket()
    make_reply(ticket, make_agent(ticket.team), then=Status.SOLVED, solution="A new gateway.")
    fact = ticket.timeline.get(kind="TicketSolved").data
    assert (fact["note"], fact["told"]) == ("A new gateway.", True)


@pytest.mark.parametrize("then", ["", *Status])
def test_a_closed_ticket_takes_no_reply(then: str) -> None:
    ticket = make_ticket()
    agent = make_agent(ticket.team)
    ticket.solve(by=agent)
    ticket.close(by=agent)
    facts = ticket.timeline.count()
    with pytest.raises(TransitionRefused):
        make_reply(ticket, agent, then=then)
    assert (ticket.messages.count(), ticket.timeline.count()) == (1, facts)


@pytest.mark.parametrize("then", ["new", "closed", "nonsense"])
def test_a_reply_goes_on_to_no_other_status(then: str) -> None:
    ticket = make_ticket()
    with pytest.raises(ValueError, match=then):
        make_reply(ticket, make_agent(ticket.team), then=then)
    assert ticket.messages.count() == 1


def test_the_list_shows_the_last_public_words() -> None:
    ticket = make_ticket(text="First\n\nwords")
    agent = make_agent(ticket.team)
    assert now(ticket).excerpt == "First words"
    make_reply(ticket, agent, "Second words")
    make_note(ticket, agent, "Secret words")
    assert now(ticket).excerpt == "Second words"
    assert excerpt_of("x" * 500) == "x" * 159 + "…"


def test_what_no_database_keeps_is_left_out() -> None:
    """B014: NUL and halves of characters arrive in mail; both databases take the rest."""
    ticket = make_ticket(subject="a\0b", text="cold\0 \ud800 rooms")
    message = ticket.messages.get()
    assert message.text == "cold ? rooms"
    assert now(ticket).excerpt == "cold ? rooms"
    ticket.solve(by=make_agent(ticket.team), note="don\0e")
    assert ticket.timeline.get(kind="TicketSolved").data["note"] == "done"


def test_a_reply_can_be_taken_back_for_ten_seconds(clock: time_machine.Traveller) -> None:
    ticket = make_ticket(text="It is cold.")
    agent = make_agent(ticket.team)
    message = make_reply(ticket, agent, "Wrong words", undo_seconds=UNDO_SECONDS, then=Status.WAITING)
    clock.shift(9.9)
    taken = conversation.withdraw(message, by=agent)
    fresh = now(ticket)
    assert taken.withdrawn_at == NOON + timedelta(seconds=9.9)
    assert (fresh.status, fresh.excerpt, fresh.assignee_id) == (Status.NEW, "It is cold.", None)
    assert Message.objects.filter(pk=message.pk).exists(), "messages are kept for ever"


def test_after_ten_seconds_it_is_too_late(clock: time_machine.Traveller) -> None:
    ticket = make_ticket()
    agent = make_agent(ticket.team)
    message = make_reply(ticket, agent, undo_seconds=UNDO_SECONDS, then=Status.WAITING)
    clock.shift(10)
    with pytest.raises(TooLate):
        conversation.withdraw(message, by=agent)
    assert (now(ticket).status, now(ticket).excerpt) == (Status.WAITING, "We are on it.")


def test_a_reply_is_taken_back_once(clock: time_machine.Traveller) -> None:
    ticket = make_ticket()
    agent = make_agent(ticket.team)
    message = make_reply(ticket, agent, undo_seconds=UNDO_SECONDS)
    conversation.withdraw(message, by=agent)
    facts = ticket.timeline.count()
    with pytest.raises(TooLate):
        conversation.withdraw(message, by=agent)
    assert ticket.timeline.count() == facts


def test_a_reply_that_left_at_once_cannot_be_taken_back() -> None:
    ticket = make_ticket()
    agent = make_agent(ticket.team)
    with pytest.raises(TooLate):
        conversation.withdraw(make_reply(ticket, agent), by=agent)


def test_a_solved_ticket_that_is_solved_again_by_taking_back_keeps_its_moment(clock: time_machine.Traveller) -> None:
    ticket = make_ticket()
    agent = make_agent(ticket.team)
    ticket.solve(by=agent)
    clock.shift(3600)
    message = make_reply(ticket, agent, undo_seconds=UNDO_SECONDS, then=Status.OPEN)
    assert now(ticket).solved_at is None
    conversation.withdraw(message, by=agent)
    assert (now(ticket).status, now(ticket).solved_at) == (Status.SOLVED, NOON)


def test_what_happened_after_the_reply_stands(clock: time_machine.Traveller) -> None:
    ticket = make_ticket()
    agent, other = make_agent(ticket.team), make_agent(ticket.team)
    message = make_reply(ticket, agent, undo_seconds=UNDO_SECONDS, then=Status.WAITING)
    hear(ticket, text="Found it myself.")
    ticket.assign_to(other, by=other)
    conversation.withdraw(message, by=agent)
    fresh = now(ticket)
    assert (fresh.status, fresh.assignee, fresh.excerpt) == (Status.OPEN, other, "Found it myself.")


def test_an_assignee_from_before_the_reply_stays(clock: time_machine.Traveller) -> None:
    ticket = make_ticket()
    agent = make_agent(ticket.team)
    ticket.assign_to(agent, by=agent)
    conversation.withdraw(make_reply(ticket, agent, undo_seconds=UNDO_SECONDS, then=Status.WAITING), by=agent)
    assert (now(ticket).status, now(ticket).assignee) == (Status.OPEN, agent)


def test_customers_see_no_held_no_withdrawn_reply_and_no_note(clock: time_machine.Traveller) -> None:
    ticket = make_ticket()
    agent = make_agent(ticket.team)
    first = ticket.messages.get()
    make_note(ticket, agent)
    held = make_reply(ticket, agent, "Held", undo_seconds=UNDO_SECONDS)
    withdrawn = make_reply(ticket, agent, "Withdrawn", undo_seconds=UNDO_SECONDS)
    conversation.withdraw(withdrawn, by=agent)
    assert list(Message.objects.visible_to(ticket.requester)) == [first]
    clock.shift(10)
    assert list(Message.objects.visible_to(ticket.requester)) == [first, held]
    assert Message.objects.visible_to(agent).count() == 4


def test_whom_a_reply_names_takes_part_and_their_answer_joins() -> None:
    ticket = make_ticket()
    copied = {"to": [ticket.requester.address], "cc": ["caretaker@hotel.example"]}
    conversation.reply(ticket, Words(text="On it.", recipients=copied), by=make_agent(ticket.team))
    assert [person.address for person in ticket.participants.all()] == ["caretaker@hotel.example"]
    assert policy.can_follow(User.objects.get(address="caretaker@hotel.example"), ticket)


def test_a_reply_that_is_taken_back_leaves_in_copy_only_who_was_there_before() -> None:
    ticket, agent = make_ticket(), make_agent()
    before = make_customer()
    ticket.add_participant(before, by=agent)
    recipients = {"cc": [before.address, "mistyped@hotel.example"]}
    message = conversation.reply(ticket, Words(text="On it.", recipients=recipients), by=agent)
    assert ticket.participants.count() == 2
    conversation.withdraw(message, by=agent)
    assert list(ticket.participants.all()) == [before]


def test_a_note_brings_nobody_in() -> None:
    ticket = make_ticket()
    conversation.note(ticket, Words(text="Odd.", recipients={"cc": ["x@hotel.example"]}), by=make_agent(ticket.team))
    assert not ticket.participants.exists()


def test_a_note_is_carried_by_no_channel() -> None:
    ticket = make_ticket()
    assert make_note(ticket, make_agent(ticket.team)).channel == ""
    assert ticket.messages.earliest("id").channel == "email"


def test_a_solution_is_taken_back_with_what_it_brought_along(clock: time_machine.Traveller) -> None:
    ticket = make_ticket()
    agent = make_agent(ticket.team)
    ticket.wait(by=agent)
    assert conversation.solve(ticket, by=agent, note="Bled.")
    assert not conversation.solve(ticket, by=agent)
    clock.shift(UNDO_SECONDS - 1)
    conversation.take_solution_back(ticket, by=agent)
    assert (now(ticket).status, now(ticket).assignee, now(ticket).solution) == (Status.WAITING, None, "")
    with pytest.raises(TooLate):
        conversation.take_solution_back(ticket, by=agent)


def test_a_solution_of_which_the_customer_was_told_stays(clock: time_machine.Traveller) -> None:
    ticket = make_ticket()
    agent = make_agent(ticket.team)
    conversation.solve(ticket, by=agent, note="Bled.")
    clock.shift(UNDO_SECONDS)
    with pytest.raises(TooLate):
        conversation.take_solution_back(ticket, by=agent)
    assert now(ticket).status == Status.SOLVED


def test_a_solution_that_the_customer_answered_is_not_taken_back(clock: time_machine.Traveller) -> None:
    ticket = make_ticket()
    agent = make_agent(ticket.team)
    conversation.solve(ticket, by=agent)
    conversation.receive(ticket, Words(text="No."), by=ticket.requester, channel="portal")
    with pytest.raises(TooLate):
        conversation.take_solution_back(ticket, by=agent)
    assert now(ticket).status == Status.OPEN
