"""What the tests of the API share: a counter, its people, and a caller for each."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from sportello.api.tokens import issue_token
from sportello.people.models import Team, User
from sportello.people.testing import make_administrator, make_agent, make_customer, make_team
from sportello.tickets.models import Ticket
from sportello.tickets.testing import make_ticket

Call = Callable[..., Any]


def caller(user: User, **options: Any) -> Call:
    """Asks the API as this person: `call("POST", "/tickets", subject=…)`; `raw` sends bytes as they are."""
    token = issue_token(user, "test", **options)

    def call(method: str, path: str, *, raw: bytes | str | None = None, **data: Any) -> HttpResponse:
        body = json.dumps(data) if raw is None and method != "GET" else raw or ""
        headers = {"Authorization": f"Bearer {token}"}
        return Client().generic(method, f"/api/v1{path}", body, "application/json", headers=headers)  # type: ignore[return-value]  # the stubs name a private class

    return call


@pytest.fixture
def team(db: None) -> Team:
    return make_team("First line")


@pytest.fixture
def agent(team: Team) -> User:
    return make_agent(team)


@pytest.fixture
def customer(db: None) -> User:
    return make_customer("guest@hotel.example")


@pytest.fixture
def ticket(team: Team, customer: User) -> Ticket:
    return make_ticket(team=team, requester=customer)


@pytest.fixture
def as_agent(agent: User) -> Call:
    return caller(agent)


@pytest.fixture
def as_administrator(db: None) -> Call:
    return caller(make_administrator())


@pytest.fixture
def as_customer(customer: User) -> Call:
    return caller(customer)


def assert_problem(response: Any, status: int) -> Any:
    """It is a problem document of that status; returns it."""
    assert response.status_code == status, response.content
    assert response.headers["Content-Type"].startswith("application/problem+json")
    body = response.json()
    assert body["status"] == status
    assert body["title"]
    return body
