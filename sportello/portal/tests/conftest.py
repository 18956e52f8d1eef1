"""What the tests of `portal` share."""

from collections.abc import Iterator

import pytest

from sportello.channels.testing import Letter, collected_letters
from sportello.people.models import Team, User
from sportello.people.testing import make_agent, make_customer, make_team
from sportello.tickets.models import Ticket
from sportello.tickets.testing import make_ticket


@pytest.fixture
def letters() -> Iterator[list[Letter]]:
    with collected_letters() as collected:
        yield collected


@pytest.fixture
def team() -> Team:
    return make_team("Heating", follow_up_days=14)


@pytest.fixture
def andrei() -> User:
    return make_customer("andrei@example.com")


@pytest.fixture
def marta(team: Team) -> User:
    return make_agent(team, name="Marta Rinaldi")


@pytest.fixture
def ticket(team: Team, andrei: User) -> Ticket:
    return make_ticket(team=team, requester=andrei)
