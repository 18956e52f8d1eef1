"""Can a program keep organisations as an administrator does at the desk?"""

import pytest

from sportello.api.models import Scope
from sportello.api.tests.conftest import Call, assert_problem, caller
from sportello.people.models import User
from sportello.people.testing import make_administrator, make_customer, make_organisation
from tests.queries import assert_constant_queries


@pytest.fixture
def boss(db: None) -> User:
    return make_administrator()


def test_an_organisation_is_made_listed_and_changed(boss: User) -> None:
    call, andrei = caller(boss), make_customer("andrei@hotel.example")
    made = call("POST", "/organisations", name="Hotel", domains=["hotel.example"]).json()
    assert made["domains"] == ["hotel.example"]
    andrei.refresh_from_db()
    assert andrei.organisation_id == made["id"]
    changed = call("PATCH", f"/organisations/{made['id']}", shares_requests=True, domains=["spa.example"]).json()
    assert changed == made | {"shares_requests": True, "domains": ["spa.example"]}
    assert call("GET", "/organisations?q=spa").json()["items"] == [changed]


def test_null_changes_nothing(boss: User) -> None:
    call = caller(boss)
    made = call(
        "POST", "/organisations", name="Hotel Miramonti", domains=["miramonti.example"], note="Since 2019"
    ).json()
    changed = call("PATCH", f"/organisations/{made['id']}", name=None, domains=None, shares_requests=None, note=None)
    assert changed.json() == made


def test_a_wrong_domain_is_named(boss: User) -> None:
    refused = assert_problem(caller(boss)("POST", "/organisations", name="Hotel", domains=["gmail.com"]), 422)
    assert refused["errors"][0]["field"] == "domains"
    assert "gmail.com" in refused["errors"][0]["message"]


def test_an_agent_reads_them_and_changes_none(as_agent: Call) -> None:
    hotel = make_organisation("Hotel", "hotel.example")
    assert as_agent("GET", f"/organisations/{hotel.pk}").json()["domains"] == ["hotel.example"]
    assert_problem(as_agent("PATCH", f"/organisations/{hotel.pk}", name="Mine"), 403)


def test_to_change_them_is_a_matter_of_settings(boss: User) -> None:
    assert_problem(caller(boss, scopes=[Scope.WRITE])("POST", "/organisations", name="Hotel"), 403)


def test_the_list_costs_the_same_with_many(as_agent: Call) -> None:
    assert_constant_queries(lambda: as_agent("GET", "/organisations"), lambda: make_organisation("Inn"))
