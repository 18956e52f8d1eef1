"""Does every door ask the same question before it solves a ticket? A role that answers but changes nothing finds out."""

import json
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from sportello.api.tokens import issue_token
from sportello.people.models import User
from sportello.people.roles import RIGHTS, Right, Role
from sportello.people.testing import make_agent, make_customer
from sportello.tickets import bulk, policy
from sportello.tickets.bulk import ChangeRefused
from sportello.tickets.models import Ticket
from sportello.tickets.testing import make_ticket
from sportello.tickets.words import Status

pytestmark = pytest.mark.django_db


@pytest.fixture
def ticket() -> Ticket:
    return make_ticket()


@pytest.fixture
def talker(ticket: Ticket, monkeypatch: pytest.MonkeyPatch) -> User:
    monkeypatch.setitem(RIGHTS, Role.AGENT, frozenset({Right.VIEW, Right.NOTE, Right.REPLY}))
    return make_agent(ticket.team)


def from_desk(user: User, path: str, **data: str) -> HttpResponse:
    browser = Client()
    browser.force_login(user)
    response: Any = browser.post(f"/desk/tickets/{path}", data)
    assert isinstance(response, HttpResponse)
    return response


def from_program(user: User, path: str, **data: Any) -> HttpResponse:
    headers = {"Authorization": f"Bearer {issue_token(user, 'test')}"}
    response: Any = Client().post(f"/api/v1/tickets/{path}", json.dumps(data), "application/json", headers=headers)
    assert isinstance(response, HttpResponse)
    return response


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("solution/", {}),
        ("status/", {"status": "solved"}),
        ("messages/", {"kind": "reply", "text": "Done.", "then": "solved"}),
        ("messages/", {"kind": "reply", "text": "Done.", "then": "waiting"}),
    ],
)
def test_the_desk_asks(talker: User, ticket: Ticket, path: str, data: dict[str, str]) -> None:
    assert from_desk(talker, f"{ticket.pk}/{path}", **data).status_code == 403
    ticket.refresh_from_db()
    assert ticket.status == Status.NEW and ticket.messages.count() == 1


@pytest.mark.parametrize(
    ("path", "data"), [("solution", {"note": ""}), ("hold", {}), ("messages", {"text": "Done.", "then": "solved"})]
)
def test_the_api_asks(talker: User, ticket: Ticket, path: str, data: dict[str, str]) -> None:
    assert from_program(talker, f"{ticket.pk}/{path}", **data).status_code == 403
    ticket.refresh_from_db()
    assert ticket.status == Status.NEW and ticket.messages.count() == 1


def test_a_change_of_many_asks(talker: User, ticket: Ticket) -> None:
    with pytest.raises(ChangeRefused):
        bulk.start(talker, [ticket.pk], {"status": "solved"})


def test_whoever_may_only_answer_still_does(talker: User, ticket: Ticket) -> None:
    assert from_desk(talker, f"{ticket.pk}/messages/", kind="reply", text="We look into it.").status_code == 302
    assert from_program(talker, f"{ticket.pk}/messages", text="Still looking.").status_code == 201


def test_who_follows_a_request_may_call_it_solved_and_nothing_else(ticket: Ticket) -> None:
    assert policy.can_set(ticket.requester, ticket, Status.SOLVED)
    assert not policy.can_set(make_customer(), ticket, Status.SOLVED)
    for status in set(Status) - {Status.SOLVED}:
        assert not policy.can_set(ticket.requester, ticket, status)
    assert from_program(ticket.requester, f"{ticket.pk}/solution", note="").status_code == 200


def test_nobody_makes_a_ticket_new_or_closed_by_hand(ticket: Ticket) -> None:
    agent = make_agent(ticket.team)
    for status in Status:
        assert policy.can_set(agent, ticket, status) == (status not in (Status.NEW, Status.CLOSED))


def test_a_light_agent_in_copy_may_call_it_solved_but_writes_nothing_to_the_customer(ticket: Ticket) -> None:
    light = make_agent(ticket.team, role=Role.LIGHT_AGENT)
    ticket.add_participant(light, by=make_agent(ticket.team))
    assert from_desk(light, f"{ticket.pk}/solution/", note="Bled the radiators.").status_code == 403
    assert from_program(light, f"{ticket.pk}/solution", note="Bled the radiators.").status_code == 403
    assert from_desk(light, f"{ticket.pk}/solution/", note=" ").status_code == 302
    ticket.refresh_from_db()
    assert (ticket.status, ticket.solution) == (Status.SOLVED, "")
