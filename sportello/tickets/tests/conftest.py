"""A team and its agent, for the tests of what is asked."""

import pytest

from sportello.people.models import Team, User
from sportello.people.testing import make_agent, make_team


@pytest.fixture
def team() -> Team:
    return make_team("First line")


@pytest.fixture
def agent(team: Team) -> User:
    return make_agent(team, address="marta@desk.example")
