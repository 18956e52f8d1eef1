"""To whom does a signed link show a request, and for how long?"""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from sportello.people.models import User
from sportello.people.testing import make_agent, make_customer
from sportello.tickets.links import VALID_FOR, LinkExpired, follow_token, read_follow_token, read_whatever_its_age
from sportello.tickets.testing import make_ticket

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 3, 12, tzinfo=UTC)


def test_a_link_shows_its_request_to_its_reader() -> None:
    ticket = make_ticket()
    assert read_follow_token(follow_token(ticket, ticket.requester)) == (ticket, ticket.requester)


@pytest.mark.parametrize("token", ["", "nonsense", ":::", "a" * 10_000, "\0", "é"])
def test_a_forged_link_shows_nothing(token: str) -> None:
    assert read_follow_token(token) is None


def test_a_changed_link_shows_nothing() -> None:
    ticket = make_ticket()
    token = follow_token(ticket, ticket.requester)
    assert read_follow_token(token[:-1] + ("A" if token[-1] != "A" else "B")) is None
    assert read_follow_token(token.swapcase()) is None


def test_a_link_of_a_stranger_shows_nothing() -> None:
    ticket = make_ticket()
    assert read_follow_token(follow_token(ticket, make_customer())) is None


def test_a_link_ends_when_its_reader_is_removed_or_inactive() -> None:
    ticket, ana = make_ticket(), make_customer()
    agent = make_agent(ticket.team)
    ticket.add_participant(ana, by=agent)
    token = follow_token(ticket, ana)
    assert read_follow_token(token) == (ticket, ana)
    ticket.remove_participant(ana, by=agent)
    assert read_follow_token(token) is None
    own = follow_token(ticket, ticket.requester)
    User.objects.filter(pk=ticket.requester_id).update(is_active=False)
    assert read_follow_token(own) is None


def test_a_link_holds_for_sixty_days() -> None:
    with time_machine.travel(NOON, tick=False):
        ticket = make_ticket()
        token = follow_token(ticket, ticket.requester)
    with time_machine.travel(NOON + VALID_FOR, tick=False):
        assert read_follow_token(token) == (ticket, ticket.requester)
    with time_machine.travel(NOON + VALID_FOR + timedelta(seconds=1), tick=False):
        with pytest.raises(LinkExpired):
            read_follow_token(token)
        assert read_whatever_its_age(token) == (ticket, ticket.requester)
    assert timedelta(days=60) == VALID_FOR
