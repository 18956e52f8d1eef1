"""Who is seen at a ticket, and for how long?"""

from datetime import UTC, datetime

import pytest
import time_machine

from sportello.people.testing import make_agent
from sportello.tickets.jobs import prune_presence
from sportello.tickets.models import Presence, Ticket
from sportello.tickets.models.presence import STAYS_SECONDS, TYPING_SECONDS
from sportello.tickets.reading import OpenTicket
from sportello.tickets.testing import make_ticket

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 3, 12, tzinfo=UTC)


def seen_at(ticket: Ticket) -> list[int]:
    """Whom somebody else sees there."""
    return [here.person.pk for here in OpenTicket(ticket, ticket.requester).others_here]


def test_who_has_the_ticket_open_is_seen_until_they_leave() -> None:
    ticket = make_ticket()
    marta = make_agent(ticket.team)
    assert Presence.arrive(ticket.pk, marta.pk) is True
    assert Presence.arrive(ticket.pk, marta.pk) is False
    assert seen_at(ticket) == [marta.pk]
    Presence.leave(ticket.pk, marta.pk)
    assert seen_at(ticket) == []


def test_whoever_is_silent_is_gone_and_then_forgotten() -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        ticket = make_ticket()
        marta = make_agent(ticket.team)
        Presence.arrive(ticket.pk, marta.pk)
        clock.shift(STAYS_SECONDS)
        assert seen_at(ticket) == []
        assert Presence.arrive(ticket.pk, marta.pk) is True
        clock.shift(STAYS_SECONDS - 1)
        prune_presence.call()
        assert Presence.objects.count() == 1
        clock.shift(2)
        prune_presence.call()
        assert Presence.objects.count() == 0


def test_typing_is_seen_for_a_few_seconds() -> None:
    with time_machine.travel(NOON, tick=False):
        ticket = make_ticket()
        marta = make_agent(ticket.team)
        Presence.type(ticket.pk, marta.pk, note=True)
        presence = Presence.objects.get()
        assert presence.typing_note
        assert presence.typing_until is not None
        assert (presence.typing_until - NOON).total_seconds() == TYPING_SECONDS
        assert (presence.until - NOON).total_seconds() == STAYS_SECONDS
