"""Can staff make a token in their browser, see it once, and take it back? Does it end with their password?"""

import re

import pytest
from django.test import Client

from sportello.api.models import Token
from sportello.api.tokens import issue_token, token_in_force
from sportello.channels.testing import collected_letters
from sportello.kernel.jobs.testing import run_jobs
from sportello.people.models import User
from sportello.people.testing import PASSWORD, make_administrator, make_agent

PAGE = "/account/tokens/"
NEW_PASSWORD = "a different bell 43"


def browser_of(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def made(client: Client, **more: str) -> str:
    response = client.post(PAGE, {"name": "Nightly backup", "reach": "read", "days": "30", **more})
    assert "no-store" in response.headers["Cache-Control"]
    found = re.search(r"<code>(spo_[\w-]+)</code>", response.content.decode())
    assert found is not None
    return found[1]


def test_a_token_is_shown_once_and_works(agent: User) -> None:
    client = browser_of(agent)
    token = made(client)
    found = token_in_force(token)
    assert found is not None
    assert (found.user, found.scopes, found.expires_at is not None) == (agent, ["read"], True)
    page = client.get(PAGE).content.decode()
    assert "Nightly backup" in page
    assert token not in page


@pytest.mark.parametrize(("reach", "scopes"), [("write", ["read", "write"]), ("admin", ["admin", "read", "write"])])
def test_an_administrators_token_reaches_as_far_as_chosen(db: None, reach: str, scopes: list[str]) -> None:
    made(browser_of(make_administrator()), reach=reach, days="0")
    token = Token.objects.get()
    assert (token.scopes, token.expires_at) == (scopes, None)


def test_an_agent_is_not_offered_the_settings(agent: User) -> None:
    response = browser_of(agent).post(PAGE, {"name": "Mine", "reach": "admin", "days": "30"})
    assert response.status_code == 422
    assert not Token.objects.exists()


def test_a_token_is_taken_back(agent: User) -> None:
    client = browser_of(agent)
    token = made(client)
    page = client.post(f"{PAGE}{Token.objects.get().pk}/revocation/", follow=True).content.decode()
    assert token_in_force(token) is None
    assert "No program speaks for you." in page


def test_the_profile_of_staff_leads_there_and_that_of_a_customer_does_not(agent: User, customer: User) -> None:
    assert f'href="{PAGE}"' in browser_of(agent).get("/account/").content.decode()
    assert PAGE not in browser_of(customer).get("/account/").content.decode()


@pytest.mark.django_db
def test_a_new_password_ends_the_tokens_and_says_how_many() -> None:
    marta, ioana = make_agent(password=True), make_agent()
    tokens = [issue_token(marta, "backup", days=None), issue_token(marta, "shop")]
    others = issue_token(ioana, "backup")
    client = browser_of(marta)
    assert "It also ends your 2 API tokens." in client.get("/account/").content.decode()
    typed = {"current": PASSWORD, "password": NEW_PASSWORD}
    said = client.post("/account/password/", typed, follow=True).content.decode()
    assert "2 API tokens of yours open nothing any more." in said
    assert "It also ends" not in said
    assert [token_in_force(token) for token in tokens] == [None, None]
    assert token_in_force(others) is not None


@pytest.mark.django_db
def test_a_password_that_is_chosen_by_a_mailed_link_ends_them_too(client: Client) -> None:
    marta = make_agent(password=True)
    token = issue_token(marta, "backup")
    with collected_letters() as letters:
        client.post("/account/password/forgotten/", {"address": marta.address})
        run_jobs()
    assert "It also ends your 1 API token." in letters[0].text
    assert "It also ends your 1 API token." in client.get(letters[0].link).content.decode()
    said = client.post(letters[0].link, {"password": NEW_PASSWORD}, follow=True).content.decode()
    assert "1 API token of yours opens nothing any more." in said
    assert token_in_force(token) is None
