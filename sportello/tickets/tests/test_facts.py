"""What must hold for every fact: a transaction, a cause where nobody acted, one entry, told to everyone."""

import json
from dataclasses import fields
from typing import Any

import pytest
from django.core.serializers.json import DjangoJSONEncoder

from sportello.kernel.events import kind_named, publish, reactions_to
from sportello.people.models import User
from sportello.people.testing import make_agent
from sportello.tickets.events import TicketEvent, TicketSolved, ticket_events
from sportello.tickets.testing import make_ticket

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


@pytest.mark.parametrize("kind", ticket_events(), ids=lambda kind: kind.__name__)
def test_open_screens_hear_of_every_fact(kind: type[TicketEvent]) -> None:
    assert "tell_open_screens" in [reaction.__name__ for reaction in reactions_to(kind)]


def test_a_fact_is_not_published_outside_a_transaction() -> None:
    with pytest.raises(RuntimeError, match="TicketSolved was published outside a transaction"):
        publish(TicketSolved(1, 1, previous="open"))


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
def test_an_error_of_a_reaction_takes_the_fact_back(monkeypatch: pytest.MonkeyPatch) -> None:
    from sportello.kernel import events

    def stumble(event: TicketSolved) -> None:
        raise ZeroDivisionError

    ticket = make_ticket()
    facts = ticket.timeline.count()
    monkeypatch.setitem(events._REACTIONS, TicketSolved, [stumble])
    with pytest.raises(ZeroDivisionError):
        ticket.solve(by=make_agent(ticket.team))
    ticket.refresh_from_db()
    assert (ticket.status, ticket.timeline.count()) == ("new", facts)
