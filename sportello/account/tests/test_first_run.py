"""Is an empty installation opened once, by whoever comes first and knows its code?"""

import re
import threading
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client

from sportello.kernel.tests.running import Threads
from sportello.people.first_run import Founding, SetUpAlready, is_setup_code, set_up, setup_code
from sportello.people.models import Brand, Team, User
from sportello.people.roles import Role
from sportello.people.testing import PASSWORD, make_administrator, make_customer, make_team
from tests.queries import queries_of

SETUP = "/account/setup/"
FOUNDING = {
    "firm": "Alba Termica",
    "team": "Support",
    "name": "Sara Colombo",
    "address": "Sara@alba-termica.example",
    "password": PASSWORD,
    "language": "it",
    "time_zone": "Europe/Rome",
}


@pytest.fixture
def filled() -> dict[str, str]:
    return FOUNDING | {"code": setup_code()}


@pytest.fixture(autouse=True)
def _first_run(settings: LazySettings) -> None:
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, "sportello.account.middleware.FirstRunMiddleware"]


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/", "/requests/new/", "/desk/", "/account/sign-in/", "/requests/1001/"])
def test_every_page_leads_to_the_set_up(client: Client, path: str) -> None:
    make_customer()
    answer = client.get(path)
    assert (answer.status_code, answer["Location"]) == (302, SETUP)


@pytest.mark.django_db
def test_whoever_comes_first_is_administrator_and_at_the_desk(client: Client, filled: dict[str, str]) -> None:
    assert client.get(SETUP).status_code == 200
    assert client.post(SETUP, filled)["Location"] == "/desk/"
    sara = User.objects.get()
    assert (sara.name, sara.address, sara.role) == ("Sara Colombo", "sara@alba-termica.example", Role.ADMINISTRATOR)
    assert (sara.language, sara.check_password(PASSWORD)) == ("it", True)
    assert (Brand.current().name, Team.objects.get().name) == ("Alba Termica", "Support")
    assert client.session["_auth_user_id"] == str(sara.pk)
    assert client.get("/").status_code == 200


@pytest.mark.django_db
def test_s20_the_set_up_is_gone_afterwards_even_when_the_administrator_is_switched_off(
    client: Client, filled: dict[str, str]
) -> None:
    make_administrator(is_active=False)
    assert client.get(SETUP).status_code == 404
    assert client.post(SETUP, filled).status_code == 404
    assert User.objects.count() == 1
    assert client.get("/").status_code == 200


@pytest.mark.django_db
def test_once_set_up_pages_ask_no_more_for_it(client: Client) -> None:
    make_administrator()
    assert not any("administrator" in query for query in queries_of(lambda: client.get("/")))


@pytest.mark.django_db
@pytest.mark.parametrize(
    "wrong",
    [
        {"firm": ""},
        {"password": "short"},
        {"password": "1234567890123"},
        {"address": "two@example.com, one@example.com"},
        {"language": "xx"},
        {"time_zone": "Here"},
        {"team": "x" * 101},
        {"code": ""},
        {"code": "AAAA-BBBB-CCCC"},
    ],
)
def test_what_is_missing_is_named_and_the_rest_is_kept(
    client: Client, filled: dict[str, str], wrong: dict[str, Any]
) -> None:
    answer = client.post(SETUP, filled | wrong)
    assert answer.status_code == 400
    assert 'role="alert"' in answer.content.decode()
    assert "Sara Colombo" in answer.content.decode()
    assert not User.objects.exists()
    assert not Team.objects.exists()


def test_the_code_belongs_to_the_installation_and_is_typed_as_one_likes(settings: LazySettings) -> None:
    code = setup_code()
    assert re.fullmatch(r"[A-Z2-7]{4}(-[A-Z2-7]{4}){2}", code)
    for typed in (code, code.lower(), code.replace("-", ""), f" {code.replace('-', ' ')} "):
        assert is_setup_code(typed)
    settings.SECRET_KEY = "of another installation"
    assert setup_code() != code and not is_setup_code(code)


@pytest.mark.django_db
def test_the_code_is_not_guessed_for_long(client: Client, filled: dict[str, str]) -> None:
    for _ in range(21):
        assert client.post(SETUP, filled | {"firm": ""}).status_code == 400  # the code was right
    answers = [client.post(SETUP, filled | {"code": "AAAA-BBBB-CCCC"}).status_code for _ in range(21)]
    assert answers == [400] * 20 + [429]
    paused = client.post(SETUP, filled)
    assert paused.status_code == 429 and "Wait 15 minutes." in paused.content.decode()
    assert not User.objects.exists()


@pytest.mark.django_db
def test_somebody_who_wrote_before_may_become_administrator(client: Client, filled: dict[str, str]) -> None:
    writer = make_customer("sara@alba-termica.example", name="")
    make_team("Support")
    assert client.post(SETUP, filled).status_code == 302
    writer.refresh_from_db()
    assert (writer.role, writer.name) == (Role.ADMINISTRATOR, "Sara Colombo")


@pytest.mark.django_db(transaction=True)
def test_of_two_at_the_same_moment_one_is_administrator() -> None:
    barrier = threading.Barrier(4)
    outcomes: list[str] = []

    def found(number: int) -> None:
        barrier.wait(timeout=10)
        try:
            set_up(Founding(**FOUNDING | {"address": f"founder{number}@example.com", "team": f"Team {number}"}))
            outcomes.append("administrator")
        except SetUpAlready:
            outcomes.append("too late")

    with Threads() as threads:
        for number in range(4):
            threads.start(found, number)
    assert sorted(outcomes) == ["administrator", "too late", "too late", "too late"]
    assert User.objects.administrators().count() == 1
