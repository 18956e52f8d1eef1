"""A counter for the tests of the desk: one team, and its agent before a browser."""

import pytest
from django.test import Client

from sportello.people.models import Team, User
from sportello.people.testing import make_agent, make_team


@pytest.fixture
def team(db: None) -> Team:
    return make_team("Technical")


@pytest.fixture
def agent(team: Team) -> User:
    return make_agent(team)


@pytest.fixture
def desk(agent: User) -> Client:
    """The agent's browser."""
    return browser_of(agent)


def browser_of(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client
