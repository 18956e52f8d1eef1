"""Do mailed links let in the reader of a mailbox, once, for an hour, and tell nobody who is known?"""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from sportello.account.jobs import prune_sign_ins
from sportello.channels.testing import Letter
from sportello.kernel.jobs.testing import run_jobs
from sportello.kernel.models import Job
from sportello.people.models import OneTimeLink, SignedInSession, User
from sportello.people.models.one_time_link import Purpose
from sportello.people.testing import PASSWORD, make_agent, make_customer

pytestmark = pytest.mark.django_db
ASK = "/account/link/"
FORGOT = "/account/password/forgotten/"
NEW_PASSWORD = "a different bell 43"


def ask(client: Client, address: str, path: str = ASK, **more: str) -> str:
    response = client.post(path, {"address": address, **more})
    assert response.status_code == 200
    run_jobs()
    return response.content.decode()


def test_a_customer_comes_in_by_a_link_and_confirms_the_address(client: Client, letters: list[Letter]) -> None:
    user = make_customer("andrei@example.com", language="it")
    ask(client, "Andrei@example.com", next="/requests/1001/")
    (letter,) = letters
    assert (letter.address, letter.language) == ("andrei@example.com", "it")
    assert letter.text.count("http://localhost:8000/account/link/") == 1
    assert client.get(letter.link).status_code == 200
    assert "_auth_user_id" not in client.session
    answer = client.post(letter.link.partition("?")[0], {"next": "/requests/1001/"})
    assert answer["Location"] == "/requests/1001/"
    assert client.session["_auth_user_id"] == str(user.pk)
    assert user.addresses.get().verified_at is not None


def test_the_page_that_an_empty_address_leads_to_can_be_opened_itself(client: Client) -> None:
    refused = client.post(ASK, {"address": "ana@", "next": "/requests/1001/"})
    assert refused.status_code == 400
    assert 'value="ana@"' in refused.content.decode() and 'value="/requests/1001/"' in refused.content.decode()
    opened = client.get(ASK)
    assert opened.status_code == 200
    assert "Sign in by mail" in opened.content.decode() and "field__error" not in opened.content.decode()


@pytest.mark.parametrize(
    ("stale", "way"),
    [
        ("/account/link/used/", f'action="{ASK}"'),
        ("/account/password/used/", f'action="{FORGOT}"'),
        ("/account/addresses/confirmation/used/", 'href="/account/"'),
    ],
)
def test_a_stale_link_leads_to_a_new_one_of_its_kind(client: Client, stale: str, way: str) -> None:
    page = client.get(stale).content.decode()
    assert "This link no longer works" in page and way in page


def test_looking_at_a_link_does_not_use_it_up(client: Client, letters: list[Letter]) -> None:
    make_customer("andrei@example.com")
    ask(client, "andrei@example.com")
    for _ in range(3):
        assert Client().get(letters[0].link).status_code == 200
    assert client.post(letters[0].link).status_code == 302


def test_a_link_works_once(client: Client, letters: list[Letter]) -> None:
    make_customer("andrei@example.com")
    ask(client, "andrei@example.com")
    assert client.post(letters[0].link).status_code == 302
    assert Client().post(letters[0].link).status_code == 400
    assert SignedInSession.objects.count() == 1


def test_a_link_works_for_an_hour(client: Client, letters: list[Letter]) -> None:
    make_customer("andrei@example.com")
    with time_machine.travel(timezone.now(), tick=False) as clock:
        ask(client, "andrei@example.com")
        clock.shift(timedelta(minutes=59))
        assert client.get(letters[0].link).status_code == 200
        clock.shift(timedelta(minutes=1))
        assert client.get(letters[0].link).status_code == 400


def test_b078_every_token_that_is_not_right_gets_the_same_answer(client: Client, letters: list[Letter]) -> None:
    make_customer("andrei@example.com")
    ask(client, "andrei@example.com")
    token = letters[0].link.split("/")[3]
    wrong = ["%20", "null", "[]", token.swapcase(), token[:-1], token + "x", "a" * 10_000, "%00"]
    answers = [client.get(f"/account/link/{one}/") for one in wrong]
    answers += [client.get(f"/account/password/{token}/"), client.get(f"/account/addresses/confirmation/{token}/")]
    assert {answer.status_code for answer in answers} == {400}
    assert all("This link no longer works" in answer.content.decode() for answer in answers)


def test_the_table_of_links_holds_no_token(client: Client, letters: list[Letter]) -> None:
    make_customer("andrei@example.com")
    ask(client, "andrei@example.com")
    assert letters[0].link.split("/")[3] not in str(OneTimeLink.objects.values_list().get())


def test_a_link_of_somebody_switched_off_is_dead(client: Client, letters: list[Letter]) -> None:
    user = make_customer("andrei@example.com")
    ask(client, "andrei@example.com")
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert client.get(letters[0].link).status_code == 400


@pytest.mark.parametrize("path", [ASK, FORGOT])
def test_b079_known_and_unknown_addresses_look_and_cost_the_same(
    client: Client, letters: list[Letter], path: str
) -> None:
    make_customer("known@example.com")
    pages, jobs = [], []
    for address in ("known@example.com", "other@example.com"):
        response = client.post(path, {"address": address})
        pages.append(response.content.decode().replace("other@", "known@"))
        jobs.append(Job.objects.latest("id").task)
    assert pages[0] == pages[1]
    assert jobs[0] == jobs[1]
    run_jobs()
    assert [letter.address for letter in letters] == ["known@example.com"]


def test_no_mail_goes_to_the_system_or_to_somebody_switched_off(client: Client, letters: list[Letter]) -> None:
    make_customer("gone@example.com", is_active=False)
    ask(client, "gone@example.com")
    User.objects.system()
    assert client.post(ASK, {"address": "system@sportello.invalid"}).status_code == 400
    assert letters == []


def test_mails_hold_no_words_of_whoever_filled_in_a_form(client: Client, letters: list[Letter]) -> None:
    make_customer("victim@example.com", name="BUY NOW http://evil.example")
    ask(client, "victim@example.com")
    ask(client, "victim@example.com", FORGOT)
    assert len(letters) == 2
    assert not any("BUY" in letter.text + letter.subject for letter in letters)


def test_one_address_gets_five_links_an_hour_and_the_page_says_the_same(client: Client, letters: list[Letter]) -> None:
    make_customer("andrei@example.com")
    pages = {ask(client, "andrei@example.com") for _ in range(7)}
    assert len(pages) == 1
    assert len(letters) == 5


def test_one_network_asks_for_thirty_links_an_hour(client: Client, letters: list[Letter]) -> None:
    answers = [client.post(ASK, {"address": f"person{number}@example.com"}) for number in range(31)]
    assert [answer.status_code for answer in answers] == [200] * 30 + [429]
    assert int(answers[-1]["Retry-After"]) > 0


def test_staff_choose_a_password_instead(client: Client, letters: list[Letter]) -> None:
    make_agent(address="marta@desk.example")
    ask(client, "marta@desk.example")
    assert letters[0].link.startswith("/account/password/")


def test_a_forgotten_password_is_replaced_and_old_browsers_are_signed_out(
    client: Client, letters: list[Letter]
) -> None:
    make_agent(address="marta@desk.example", password=True)
    elsewhere = Client()
    elsewhere.post("/account/sign-in/", {"address": "marta@desk.example", "password": PASSWORD})
    ask(client, "marta@desk.example", FORGOT)
    ask(client, "marta@desk.example", FORGOT)
    assert client.post(letters[0].link, {"password": NEW_PASSWORD})["Location"] == "/desk/"
    assert elsewhere.get("/account/").status_code == 302
    assert client.get("/account/").status_code == 200
    assert client.get(letters[1].link).status_code == 400
    again = Client().post("/account/sign-in/", {"address": "marta@desk.example", "password": NEW_PASSWORD})
    assert again.status_code == 302


@pytest.mark.parametrize("password", ["short", "1234567890123", "password123", "x" * 1025])
def test_b081_a_bad_new_password_is_refused_and_the_link_lives_on(
    client: Client, letters: list[Letter], password: str
) -> None:
    make_customer("andrei@example.com", password=PASSWORD)
    ask(client, "andrei@example.com", FORGOT)
    assert client.post(letters[0].link, {"password": password}).status_code == 400
    assert client.post(letters[0].link, {"password": NEW_PASSWORD}).status_code == 302


def test_b086_links_name_the_configured_host(client: Client, letters: list[Letter]) -> None:
    make_customer("andrei@example.com")
    client.post(ASK, {"address": "andrei@example.com"}, headers={"x-forwarded-host": "evil.example"})
    run_jobs()
    assert "evil" not in letters[0].text
    assert "http://localhost:8000/account/link/" in letters[0].text


@pytest.mark.parametrize(
    "address", ["", "andrei", "a@example.com,b@example.com", "a@example.com\r\nBcc: b@example.com", "<a@example.com>"]
)
def test_b118_what_is_not_one_address_is_refused(client: Client, letters: list[Letter], address: str) -> None:
    assert client.post(ASK, {"address": address}).status_code == 400
    assert client.post(FORGOT, {"address": address}).status_code == 400
    assert not Job.objects.exists()


def test_what_has_run_out_is_forgotten(client: Client) -> None:
    user = make_customer("andrei@example.com", password=PASSWORD)
    OneTimeLink.issue(user, Purpose.SIGN_IN, user.address)
    client.post("/account/sign-in/", {"address": "andrei@example.com", "password": PASSWORD, "stay": "on"})
    prune_sign_ins.func()
    assert (OneTimeLink.objects.count(), SignedInSession.objects.count()) == (1, 1)
    with time_machine.travel(timezone.now() + timedelta(days=15)):
        prune_sign_ins.func()
    assert (OneTimeLink.objects.count(), SignedInSession.objects.count()) == (0, 0)
