"""What must hold for every fact: a transaction, a cause where nobody acted, one entry, told to everyone."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import fields
from typing import Any

import pytest
from django.core.serializers.json import DjangoJSONEncoder

from sportello.kernel import events
from sportello.kernel.events import Event, kind_named, on, publish
from sportello.people.models import User
from sportello.people.testing import make_agent, make_team
from sportello.tickets import conversation
from sportello.tickets.conversation import Words
from sportello.tickets.events import TicketChanged, TicketEvent, TicketSolved, ticket_events
from sportello.tickets.models import Ticket
from sportello.tickets.testing import make_reply, make_ticket

SAMPLES: dict[str, Any] = {
    "str": "some words ățș 漢字",
    "int": 7,
    "bool": True,
    "int | None": None,
    "str | None": None,
    "list[str]": ["vpn", "ștrand"],
}


def sample(kind: type[TicketEvent]) -> TicketEvent:
    return kind(**{f.name: SAMPLES[str(f.type) if isinstance(f.type, str) else _written(f.type)] for f in fields(kind)})


def _written(annotation: Any) -> str:
    return (
        annotation.__name__ if isinstance(annotation, type) and not hasattr(annotation, "__args__") else str(annotation)
    )


@pytest.mark.parametrize("kind", ticket_events(), ids=lambda kind: kind.__name__)
def test_a_fact_is_made_of_json_values_only(kind: type[TicketEvent]) -> None:
    fact = sample(kind)
    stored = json.loads(json.dumps(fact.as_json(), cls=DjangoJSONEncoder))
    assert kind_named(fact.kind)(**stored) == fact


@contextmanager
def reacting(kind: type[Event], reaction: Callable[[Any, Any], None]) -> Iterator[None]:
    """One more who reacts, for the length of a test."""
    on(kind)(reaction)
    try:
        yield
    finally:
        events._REACTIONS[kind].remove(reaction)


@pytest.fixture
def heard() -> Iterator[list[TicketChanged]]:
    signs: list[TicketChanged] = []
    with reacting(TicketChanged, lambda sign, _ticket: signs.append(sign)):
        yield signs


@pytest.mark.django_db
def test_open_screens_hear_once_of_all_facts_of_an_act(heard: list[TicketChanged]) -> None:
    ticket, other = make_ticket(), make_team()
    agent = make_agent(ticket.team)
    before = ticket.team_id
    make_reply(ticket, agent)
    ticket.move_to(other, by=agent)
    ticket.move_to(other, by=agent)
    assert [(sign.kinds, sign.teams) for sign in heard] == [
        (["TicketOpened", "MessageAdded"], [before]),
        (["MessageAdded", "TicketStarted", "TicketAssigned"], [before]),
        (["TicketMoved", "TicketAssigned"], [before, other.pk]),
    ]
    assert {sign.ticket_id for sign in heard} == {ticket.pk}


@pytest.mark.django_db
def test_what_is_taken_back_is_not_told(heard: list[TicketChanged]) -> None:
    ticket = make_ticket()
    heard.clear()
    with pytest.raises(ZeroDivisionError), ticket.held():
        ticket.solve(by=make_agent(ticket.team))
        raise ZeroDivisionError
    assert heard == []
    ticket.wait(by=make_agent(ticket.team))
    assert [sign.kinds for sign in heard] == [["TicketSetWaiting"]]
    assert Ticket.objects.get(pk=ticket.pk).status == "waiting"


def test_a_fact_is_not_published_outside_a_transaction() -> None:
    with pytest.raises(RuntimeError, match="TicketSolved was published outside a transaction"):
        publish(TicketSolved(1, 1, previous="open"), None)


@pytest.mark.django_db(transaction=True)
def test_a_fact_is_not_recorded_outside_a_transaction() -> None:
    ticket = make_ticket()
    with pytest.raises(RuntimeError, match="outside a transaction"):
        ticket.record(TicketSolved(ticket.pk, ticket.requester_id, previous="new"), ticket.requester)


@pytest.mark.django_db
def test_what_the_system_does_needs_a_cause() -> None:
    ticket, system = make_ticket(), User.objects.system()
    with pytest.raises(ValueError, match="TicketSolved by the system needs a cause"):
        ticket.solve(by=system)
    ticket.solve(by=system, cause={"by": "rule", "rule": 3, "version": 2})
    assert ticket.timeline.latest("id").cause == {"by": "rule", "rule": 3, "version": 2}


@pytest.mark.django_db
def test_an_error_of_a_reaction_takes_the_fact_back() -> None:
    def stumble(_fact: TicketSolved, _ticket: Ticket) -> None:
        raise ZeroDivisionError

    ticket = make_ticket()
    facts = ticket.timeline.count()
    with pytest.raises(ZeroDivisionError), reacting(TicketSolved, stumble):
        ticket.solve(by=make_agent(ticket.team))
    ticket.refresh_from_db()
    assert (ticket.status, ticket.timeline.count()) == ("new", facts)


@pytest.mark.django_db
def test_what_follows_from_an_act_says_from_which() -> None:
    ticket = make_ticket()
    agent = make_agent(ticket.team)
    copied = {"to": [ticket.requester.address], "cc": ["caretaker@hotel.example"]}
    conversation.reply(ticket, Words(text="On it.", recipients=copied), by=agent)
    ticket.move_to(make_team(), by=agent)
    ticket.solve(by=make_agent(ticket.team))
    conversation.receive(ticket, Words(text="Still cold."), by=ticket.requester, channel="portal")
    told = [(entry.kind, (entry.cause or {}).get("fact")) for entry in ticket.timeline.order_by("id")]
    assert told == [
        ("TicketOpened", None),
        ("MessageAdded", None),
        ("MessageAdded", None),
        ("ParticipantAdded", "MessageAdded"),
        ("TicketStarted", "MessageAdded"),
        ("TicketAssigned", "MessageAdded"),
        ("TicketMoved", None),
        ("TicketAssigned", "TicketMoved"),
        ("TicketSolved", None),
        ("TicketAssigned", "TicketSolved"),
        ("MessageAdded", None),
        ("TicketReopened", "MessageAdded"),
    ]
