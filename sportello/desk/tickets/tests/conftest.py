"""A customer of the counter, and one ticket of theirs."""

import pytest

from sportello.people.models import Team, User
from sportello.people.testing import make_customer, make_organisation
from sportello.tickets.models import Ticket
from sportello.tickets.testing import make_ticket


@pytest.fixture
def customer(db: None) -> User:
    return make_customer("andrei@hotel-carpatica.example", organisation=make_organisation())


@pytest.fixture
def ticket(team: Team, customer: User) -> Ticket:
    return make_ticket(team=team, requester=customer)
