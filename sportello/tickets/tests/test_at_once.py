"""Several at the same moment: is a fact still one fact, and is nothing lost?"""

import threading
from collections.abc import Callable
from typing import Any

import pytest

from sportello.kernel.tests.running import Threads
from sportello.people.models import User
from sportello.people.testing import make_agent
from sportello.tickets import conversation, replay
from sportello.tickets.conversation import Overtaken, TooLate, Words
from sportello.tickets.models import Message, SavedView, Ticket
from sportello.tickets.models.ticket import TransitionRefused
from sportello.tickets.saved_views import keep_view
from sportello.tickets.testing import make_reply, make_ticket
from sportello.tickets.words import Channel

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*acts: Callable[[], object]) -> list[object]:
    """What each gave, run in threads that begin together."""
    barrier = threading.Barrier(len(acts))
    given: list[object] = []

    def run(act: Callable[[], object]) -> None:
        barrier.wait(timeout=10)
        given.append(act())

    with Threads() as threads:
        for act in acts:
            threads.start(run, act)
    return given


@pytest.fixture
def agents() -> list[User]:
    ticket = make_ticket()
    return [make_agent(ticket.team) for _ in range(4)]


def ticket() -> Ticket:
    return Ticket.objects.get()


def test_solving_at_once_is_one_fact(agents: list[User]) -> None:
    given = at_once(*[lambda agent=agent: ticket().solve(by=agent) for agent in agents])
    assert sorted(map(bool, given)) == [False, False, False, True]
    assert ticket().timeline.filter(kind="TicketSolved").count() == 1
    assert ticket().timeline.filter(kind="TicketAssigned").count() == 1
    assert replay.fold(ticket().timeline.all()) == replay.as_it_is(ticket())


def test_of_replies_at_once_that_saw_the_same_only_the_first_is_sent(agents: list[User]) -> None:
    seen = Message.objects.get().pk

    def reply(agent: User) -> bool:
        try:
            conversation.reply(ticket(), Words(text="On it."), by=agent, seen=seen)
        except Overtaken as overtaken:
            return [message.text for message in overtaken.said] != ["On it."]
        return True

    given = at_once(*[lambda agent=agent: reply(agent) for agent in agents])
    assert sorted(map(bool, given)) == [False, False, False, True]
    assert Message.objects.count() == 2


def test_whoever_takes_a_ticket_at_once_is_seen_in_the_facts(agents: list[User]) -> None:
    at_once(*[lambda agent=agent: ticket().assign_to(agent, by=agent) for agent in agents])
    facts = [entry.event for entry in ticket().timeline.filter(kind="TicketAssigned")]
    assert [fact.previous_id for fact in facts] == [None, *[fact.assignee_id for fact in facts[:-1]]]  # type: ignore[attr-defined]  # of TicketAssigned
    assert replay.fold(ticket().timeline.all()) == replay.as_it_is(ticket())


def test_messages_at_once_are_all_kept(agents: list[User]) -> None:
    requester = ticket().requester

    def hear() -> Message:
        return conversation.receive(ticket(), Words(text="Cold."), by=requester, channel=Channel.EMAIL)

    at_once(hear, hear, *[lambda agent=agent: make_reply(ticket(), agent) for agent in agents[:2]])
    assert ticket().messages.count() == 5
    assert replay.fold(ticket().timeline.all()) == replay.as_it_is(ticket())


def test_a_reply_taken_back_at_once_is_taken_back_once(agents: list[User]) -> None:
    message = make_reply(ticket(), agents[0], undo_seconds=60)

    def take_back() -> bool:
        try:
            conversation.withdraw(message, by=agents[0])
        except TooLate:
            return False
        return True

    assert sorted(map(bool, at_once(take_back, take_back, take_back))) == [False, False, True]
    assert ticket().timeline.filter(kind="MessageWithdrawn").count() == 1


def test_closing_and_reopening_at_once_end_in_one_of_the_two(agents: list[User]) -> None:
    ticket().solve(by=agents[0])

    def reopen() -> bool:
        try:
            return ticket().start(by=agents[1])
        except TransitionRefused:
            return False

    def close() -> bool:
        try:
            return ticket().close(by=agents[2])
        except TransitionRefused:
            return False

    assert sorted(map(bool, at_once(reopen, close))) == [False, True]
    assert replay.fold(ticket().timeline.all()) == replay.as_it_is(ticket())


def test_tags_put_on_at_once_are_each_one_fact(agents: list[User]) -> None:
    at_once(*[lambda agent=agent: ticket().tag(by=agent, add=["vpn", "urgent"]) for agent in agents])
    assert sorted(ticket().tags.values_list("name", flat=True)) == ["urgent", "vpn"]
    assert ticket().timeline.filter(kind="TicketTagged").count() == 1


def test_a_view_that_is_saved_several_times_at_once_is_one(agents: list[User]) -> None:
    owner = agents[0]

    def save() -> SavedView:
        return keep_view(SavedView(owner=owner), by=owner, name=" Cold\n", query="cold", sort="urgency", team=None)

    kept = SavedView.objects.filter(pk__in={view.pk for view in at_once(save, save, save, save)})  # type: ignore[attr-defined]  # of views
    assert [view.name for view in kept] == ["Cold"]
    assert SavedView.objects.count() == 1


def test_only_the_same_question_of_the_same_person_is_the_same_view(agents: list[User]) -> None:
    asked: dict[str, Any] = {"name": "Cold", "query": "cold", "sort": "urgency", "team": None}
    others: list[dict[str, Any]] = [
        {"name": "Colder"},
        {"query": "colder"},
        {"sort": "arrival"},
        {"team": ticket().team},
    ]
    views = [keep_view(SavedView(owner=agents[0]), by=agents[0], **asked | other) for other in [{}, *others]]
    views.append(keep_view(SavedView(owner=agents[1]), by=agents[1], **asked))
    assert len({view.pk for view in views}) == 6
    assert keep_view(views[1], by=agents[0], **asked).pk == views[1].pk
    assert SavedView.objects.count() == 6
