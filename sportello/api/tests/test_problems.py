"""Does the API say no in one form, whatever is sent to it?"""

import base64
import errno
import os
from pathlib import Path
from typing import Any

import pytest
from django.db import DataError, OperationalError, connection
from django.test import Client

import sportello
from sportello.api.management.commands.openapi import described
from sportello.api.tests.conftest import Call, assert_problem, caller
from sportello.people.models import Brand, Team, User
from sportello.people.testing import make_administrator, make_team
from sportello.tickets.models import Ticket


@pytest.mark.parametrize("raw", ["{", "[1", b"\xff\xfe", "nul", '{"subject": ' + "9" * 5000 + "}"])
def test_what_is_no_json_is_400(as_agent: Call, raw: str | bytes) -> None:
    assert_problem(as_agent("POST", "/tickets", raw=raw), 400)


@pytest.mark.parametrize(
    "body",
    [
        "{}",
        "[]",
        "null",
        '{"subject": "S", "text": "T", "team_id": NaN}',
        '{"subject": "S", "text": "T", "team_id": Infinity}',
        '{"subject": "S", "text": "T", "team_id": 99999999999999999999999999}',
        '{"subject": "S", "text": "T", "team_id": 9223372036854775807}',
        '{"subject": "S", "text": "T", "priority": 9}',
        '{"subject": "", "text": "T"}',
        '{"subject": "S", "text": "T", "prority": 3}',
        '{"subject": "S", "text": "T", "tags": "heat"}',
        r'{"subject": "\ud800", "text": "T"}',
    ],
)
def test_wrong_fields_are_422(as_agent: Call, body: str) -> None:
    assert_problem(as_agent("POST", "/tickets", raw=body), 422)
    assert not Ticket.objects.exists()


def test_wrong_fields_are_named(as_agent: Call) -> None:
    said = assert_problem(as_agent("POST", "/tickets", subject="S"), 422)
    assert any("text" in error["field"] for error in said["errors"])


@pytest.mark.parametrize("character", [r"\ud800", r"\udfff", r"\u0000"])
@pytest.mark.parametrize(
    ("method", "path", "body", "field"),
    [
        ("POST", "/organisations", '{"name": "Hotel", "domains": ["hotel.example", "%s"]}', "domains.1"),
        ("POST", "/organisations", '{"name": "Hotel %s"}', "name"),
        ("POST", "/tickets", '{"subject": "S", "text": "T", "files": [{"name": "%s", "content": ""}]}', "files.0.name"),
        (
            "POST",
            "/tickets",
            '{"subject": "S", "text": "T", "what-is-this": {"deep": [["%s"]]}}',
            "what-is-this.deep.0.0",
        ),
        ("POST", "/staff", '{"name": "Ana", "address": "ana@desk.example", "teams": {"%s": "agent"}}', "teams"),
        ("PATCH", "/firm", '{"footer": "%s"}', "footer"),
    ],
)
def test_text_that_no_database_keeps_is_422_wherever_it_stands(
    team: Team, method: str, path: str, body: str, field: str, character: str
) -> None:
    said = assert_problem(caller(make_administrator())(method, path, raw=body % character), 422)
    assert said["errors"] == [{"field": field, "message": "It holds a character that cannot be kept."}]


@pytest.mark.parametrize("path", ["/tickets", "/organisations", "/people", "/search"])
def test_text_that_no_database_keeps_is_422_in_a_query_too(as_agent: Call, path: str) -> None:
    assert assert_problem(as_agent("GET", f"{path}?q=heat%00ing"), 422)["errors"][0]["field"] == "q"


@pytest.mark.parametrize("number", ["0", "99999999999999999999999999", "9" * 3000])
def test_a_number_that_no_ticket_has_is_404(as_agent: Call, number: str) -> None:
    assert_problem(as_agent("GET", f"/tickets/{number}"), 404)


@pytest.mark.parametrize("path", ["/api/", "/api/v1/nothing", "/api/v2/tickets", "/api/v1/tickets/abc"])
def test_an_unknown_path_is_a_problem_too(db: None, path: str) -> None:
    assert_problem(Client().get(path), 404)


@pytest.mark.parametrize(("method", "path"), [("DELETE", "/tickets"), ("PUT", "/tickets/1"), ("POST", "/me")])
def test_a_wrong_method_is_a_problem_that_names_the_right_ones(as_agent: Call, method: str, path: str) -> None:
    response = as_agent(method, path)
    assert_problem(response, 405)
    assert "GET" in response["Allow"]


def test_an_address_that_is_taken_is_409(as_agent: Call, customer: User) -> None:
    assert_problem(as_agent("POST", "/people", address=customer.address.upper()), 409)
    assert_problem(as_agent("POST", "/people", address="nobody"), 422)


def test_a_new_name_is_found_at_once(as_agent: Call, customer: User) -> None:
    assert as_agent("PATCH", f"/people/{customer.pk}", name="Zenobia\nVerdi").json()["name"] == "Zenobia Verdi"
    assert [p["id"] for p in as_agent("GET", "/people?q=zenobia").json()["items"]] == [customer.pk]


def test_a_customer_sees_the_teams_on_offer_alone(as_customer: Call, as_agent: Call, team: Team) -> None:
    make_team("Inner", is_offered=False)
    assert [found["name"] for found in as_customer("GET", "/teams").json()] == ["First line"]
    assert [found["name"] for found in as_agent("GET", "/teams").json()] == ["First line", "Inner"]


def test_the_published_description_is_current() -> None:
    published = Path(sportello.__file__).parents[1] / "docs" / "openapi.json"
    assert published.read_text(encoding="utf-8") == described(), "Run: sportello openapi"


def test_the_description_is_served_without_a_token(db: None) -> None:
    assert Client().get("/api/v1/openapi.json").json()["info"]["title"] == "Sportello"


def test_a_new_person_keeps_the_firms_language_and_time_unless_told(as_agent: Call) -> None:
    Brand.put(name="Edo Heating", language="it", time_zone="Asia/Tokyo")
    made = as_agent("POST", "/people", address="ana@client.example").json()
    assert (made["language"], made["time_zone"]) == ("it", "Asia/Tokyo")
    made = as_agent("POST", "/people", address="ben@client.example", language="ro").json()
    assert (made["language"], made["time_zone"]) == ("ro", "Asia/Tokyo")


def test_a_full_disk_is_507_and_nothing_is_half_kept(
    as_agent: Call, ticket: Ticket, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = (ticket.messages.count(), ticket.timeline.count(), Ticket.objects.count())

    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    files = [{"name": "plan.txt", "content": base64.b64encode(b"The plan, which no test has kept before.").decode()}]
    assert (
        "disk is full"
        in assert_problem(as_agent("POST", f"/tickets/{ticket.pk}/messages", text="The plan.", files=files), 507)[
            "detail"
        ]
    )
    assert_problem(as_agent("POST", "/tickets", subject="Plan", text="The plan.", files=files), 507)
    assert (ticket.messages.count(), ticket.timeline.count(), Ticket.objects.count()) == before


def _raising(error: Exception) -> Any:
    """A database that answers each statement so."""

    def execute(*_args: Any) -> Any:
        raise error

    return connection.execute_wrapper(execute)


def test_a_database_that_is_away_is_503(as_agent: Call) -> None:
    with _raising(OperationalError("server closed the connection unexpectedly")):
        assert_problem(as_agent("GET", "/me"), 503)


def test_what_a_database_refuses_is_our_mistake_and_does_not_pass_for_its_being_away(as_agent: Call) -> None:
    with _raising(DataError("text fields cannot contain NUL")), pytest.raises(DataError):
        as_agent("GET", "/me")


def test_a_field_that_is_not_there_is_told_and_nothing_is_done(as_agent: Call, ticket: Ticket) -> None:
    answer = as_agent("POST", f"/tickets/{ticket.pk}/solution", text="The valve was stuck.")
    assert_problem(answer, 422)
    assert answer.json()["errors"] == [{"field": "text", "message": "There is no such field."}]
    ticket.refresh_from_db()
    assert ticket.status != "solved"


def test_a_change_of_what_cannot_be_changed_so_is_told_too(as_agent: Call, ticket: Ticket) -> None:
    answer = as_agent("PATCH", f"/tickets/{ticket.pk}", status="solved", priority=3)
    assert_problem(answer, 422)
    assert answer.json()["errors"] == [{"field": "status", "message": "There is no such field."}]
    ticket.refresh_from_db()
    assert (ticket.status, ticket.priority) == ("new", 2)


@pytest.mark.parametrize("path", ["/tickets/abc", "/nope"])
def test_an_address_that_is_none_is_told_in_words_for_programs(as_agent: Call, path: str) -> None:
    answer = as_agent("GET", path)
    assert_problem(answer, 404)
    assert answer.json()["detail"].startswith("There is no such address.")
