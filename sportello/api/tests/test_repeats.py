"""Does a program that asks again, because it heard no answer, get one message and the same answer?"""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from sportello.api.tests.conftest import assert_problem
from sportello.api.tokens import issue_token
from sportello.people.models import Team, User
from sportello.people.testing import make_agent
from sportello.tickets.models import Message, Ticket

Post = Callable[..., Any]


def poster(user: User) -> Post:
    """Posts as this person, with a key."""
    token = issue_token(user, "test")

    def post(path: str, key: str, **data: Any) -> Any:
        headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": key}
        return Client().post(f"/api/v1{path}", json.dumps(data), "application/json", headers=headers)

    return post


@pytest.fixture
def post(agent: User) -> Post:
    return poster(agent)


@pytest.mark.parametrize("kind", ["public", "note"])
def test_an_answer_that_is_sent_again_is_one(post: Post, ticket: Ticket, kind: str) -> None:
    path, sent = f"/tickets/{ticket.pk}/messages", {"text": "Restart it.", "kind": kind, "then": "solved"}
    answers = [post(path, "one", **sent) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [201] * 3
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert ticket.messages.filter(incoming=0).count() == 1
    post(path, "two", **sent)
    assert ticket.messages.filter(incoming=0).count() == 2


def test_a_ticket_that_is_opened_again_is_one(post: Post, team: Team) -> None:
    sent = {"subject": "Boiler", "text": "It is cold.", "note": "By phone.", "tags": ["heat"]}
    answers = [post("/tickets", "one", **sent) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()
    assert Ticket.objects.count() == 1


def test_a_key_is_for_one_request(post: Post, ticket: Ticket) -> None:
    post(f"/tickets/{ticket.pk}/messages", "one", text="Restart it.")
    assert_problem(post(f"/tickets/{ticket.pk}/messages", "one", text="Leave it."), 422)
    assert_problem(post("/tickets", "one", subject="Boiler", text="It is cold."), 422)
    assert_problem(post("/tickets", "x" * 300, subject="Boiler", text="It is cold."), 400)


def test_what_was_refused_is_tried_afresh(post: Post, ticket: Ticket) -> None:
    path = f"/tickets/{ticket.pk}/messages"
    heard = ticket.messages.latest("id").pk if ticket.messages.exists() else 0
    assert post(path, "one", text="Restart it.", to=["nobody"]).status_code == 422
    assert post(path, "one", text="Restart it.", seen=heard).status_code == 201


def test_two_people_may_choose_the_same_key(post: Post, team: Team, ticket: Ticket) -> None:
    other = poster(make_agent(team))
    for who in (post, other):
        assert who(f"/tickets/{ticket.pk}/messages", "one", text="On it.").status_code == 201
    assert Message.objects.filter(incoming=0).count() == 2
