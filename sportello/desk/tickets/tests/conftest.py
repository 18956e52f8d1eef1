"""A counter for the tests of this folder: one team, its agent before a browser, and one ticket."""

import pytest
from django.test import Client

from sportello.people.models import Team, User
from sportello.people.testing import make_agent, make_customer, make_organisation, make_team
from sportello.tickets.models import Ticket
from sportello.tickets.testing import make_ticket


@pytest.fixture
def team(db: None) -> Team:
    return make_team("Technical")


@pytest.fixture
def agent(team: Team) -> User:
    return make_agent(team)


@pytest.fixture
def customer(db: None) -> User:
    return make_customer("andrei@hotel-carpatica.example", organisation=make_organisation())


@pytest.fixture
def ticket(team: Team, customer: User) -> Ticket:
    return make_ticket(team=team, requester=customer)


@pytest.fixture
def desk(agent: User) -> Client:
    """The agent's browser."""
    return browser_of(agent)


def browser_of(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client
