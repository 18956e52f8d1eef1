"""Does every address answer every role as the policy says? An address without a row fails."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from django.db import transaction
from django.http.response import HttpResponseBase, StreamingHttpResponse
from django.test import Client
from django.urls import reverse

from sportello.api.tokens import issue_token
from sportello.api.urls import api
from tests.permissions.addresses import pages
from tests.permissions.expected import PAGES, ROLES, Row
from tests.permissions.expected_api import API
from tests.permissions.world import World, make_world

pytestmark = pytest.mark.django_db
FOR_MACHINES = {"alive", "ready"}  # they say nothing of anybody, and are open to all
Ask = Callable[[str, dict[str, Any]], HttpResponseBase]


def test_every_method_of_every_page_has_a_row() -> None:
    assert pages() - {("GET", name) for name in FOR_MACHINES} == {(row.method, row.name) for row in PAGES}


def test_every_operation_of_the_api_has_a_row() -> None:
    there = {
        (method.upper(), path) for path, methods in api.get_openapi_schema()["paths"].items() for method in methods
    }
    assert there == {(row.method, row.name.partition("?")[0]) for row in API}


def _title(row: Row) -> str:
    return f"{row.method} {row.name} {' '.join(row.args)}"


PARTS = 8  # of the tables, for several workers to share


def _each(row: Row, world: World, ask: Ask) -> dict[str, str]:
    """What each role is answered, each in an untouched world."""
    data = {name: world.filled(value) for name, value in row.data.items()}
    answers = {}
    for role in ROLES:
        cache.clear()
        with transaction.atomic():
            for person in filter(None, world.people.values()):
                person.forget_rights()
            response = ask(role, data)
            answers[role] = _said(response)
            if isinstance(response, StreamingHttpResponse) and not response.is_async:
                list(response)  # which closes the file
            transaction.set_rollback(True)
    return answers


def _said(response: HttpResponseBase) -> str:
    if response.status_code == 302 and "/account/sign-in/" in response.headers["Location"]:
        return "sign"
    return str(response.status_code)


def _deviations(rows: list[Row], world: World, asker: Callable[[Row], Ask]) -> dict[str, str]:
    """Where the answers differ from the table: what was expected, and what came."""
    wrong = {}
    for row in rows:
        answers = _each(row, world, asker(row))
        for role, expected in zip(ROLES, row.expected.split(), strict=True):
            if answers[role] != expected:
                wrong[f"{_title(row)} as {role}"] = f"{expected} expected, {answers[role]} answered"
    return wrong


@pytest.mark.parametrize("part", range(PARTS))
def test_every_page_answers_each_role_as_the_policy_says(part: int) -> None:
    world = make_world()

    def asker(row: Row) -> Ask:
        url = reverse(row.name, args=[world.filled(arg) for arg in row.args])

        def ask(role: str, data: dict[str, Any]) -> HttpResponseBase:
            client = Client(headers={"Accept": "text/event-stream, text/html"})
            person = world.people[role]
            if person:
                client.force_login(person)
            return client.get(url) if row.method == "GET" else client.post(url, data)

        return ask

    assert _deviations(PAGES[part::PARTS], world, asker) == {}


@pytest.mark.parametrize("part", range(PARTS))
def test_every_operation_answers_each_role_as_the_policy_says(part: int) -> None:
    world = make_world()

    def asker(row: Row) -> Ask:
        args = iter(row.args)
        url = re.sub(r"\{\w+\}", lambda _found: str(world.filled(next(args))), row.name)

        def ask(role: str, data: dict[str, Any]) -> HttpResponseBase:
            person = world.people[role]
            headers = {"Authorization": f"Bearer {issue_token(person, 'test')}"} if person else {}
            body = json.dumps(data) if row.method != "GET" else ""
            return Client().generic(row.method, url, body, "application/json", headers=headers)

        return ask

    assert _deviations(API[part::PARTS], world, asker) == {}
