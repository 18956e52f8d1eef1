"""Does the right person get in, under a fresh key, and nobody else?"""

import re
from datetime import timedelta
from typing import Any, ClassVar

import pytest
import time_machine
from django.conf import LazySettings
from django.contrib.sessions.models import Session
from django.http import HttpRequest
from django.test import Client
from django.utils import timezone

from sportello.channels.testing import Letter
from sportello.kernel.jobs.testing import run_jobs
from sportello.people.models import SignedInSession, User
from sportello.people.passwords import AddressBackend
from sportello.people.roles import Role
from sportello.people.testing import PASSWORD, make_agent, make_customer
from tests.queries import queries_of

pytestmark = pytest.mark.django_db
SIGN_IN = "/account/sign-in/"
WRONG = "This address and this password do not match."


def sign_in(client: Client, address: str, password: str = PASSWORD, **more: str) -> Any:
    return client.post(SIGN_IN, {"address": address, "password": password, **more})


def test_staff_come_to_the_desk_and_customers_to_their_requests(client: Client) -> None:
    make_agent(address="marta@desk.example", password=True)
    make_customer("andrei@example.com", password=PASSWORD)
    assert sign_in(client, "marta@desk.example")["Location"] == "/desk/"
    assert sign_in(Client(), "andrei@example.com")["Location"] == "/requests/"


def test_any_address_of_a_person_in_any_case_signs_in(client: Client) -> None:
    user = make_customer("andrei@example.com", password=PASSWORD)
    user.add_address("a.munteanu@example.org", verified=True)
    assert sign_in(client, "A.Munteanu@Example.ORG").status_code == 302
    assert client.session["_auth_user_id"] == str(user.pk)


@pytest.mark.parametrize("after", ["/requests/1001/", "/desk/tickets/?view=mine"])
def test_one_comes_back_to_the_page_one_wanted(client: Client, after: str) -> None:
    make_customer("andrei@example.com", password=PASSWORD)
    assert sign_in(client, "andrei@example.com", next=after)["Location"] == after


@pytest.mark.parametrize(
    "elsewhere",
    [
        "//evil.example",
        "https:evil.example",
        "https://evil.example/",
        "\\\\evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
        "///evil.example",
        "evil.example",
        "",
    ],
)
def test_b084_next_never_leads_elsewhere(client: Client, elsewhere: str) -> None:
    make_customer("andrei@example.com", password=PASSWORD)
    assert sign_in(client, "andrei@example.com", next=elsewhere)["Location"] == "/requests/"


def test_b082_the_session_key_is_a_new_one_after_signing_in(client: Client) -> None:
    make_customer("andrei@example.com", password=PASSWORD)
    session = client.session
    session["planted"] = "yes"
    session.save()
    planted = session.session_key
    sign_in(client, "andrei@example.com")
    assert client.session.session_key != planted
    assert not Session.objects.filter(session_key=planted).exists()


def test_unknown_and_wrong_get_the_same_answer(client: Client) -> None:
    make_customer("andrei@example.com", password=PASSWORD)
    answers = [sign_in(Client(), address, "not this one") for address in ("andrei@example.com", "nobody@example.com")]
    texts = [answer.content.decode().replace("nobody", "andrei") for answer in answers]
    assert [answer.status_code for answer in answers] == [400, 400]
    assert all(WRONG in text for text in texts)
    assert all(re.search(r'<input type="password"[^>]* autofocus', text) for text in texts)
    assert _without_tokens(texts[0]) == _without_tokens(texts[1])


def _without_tokens(page: str) -> list[str]:
    return [line for line in page.splitlines() if "csrfmiddlewaretoken" not in line]


def test_somebody_who_was_switched_off_stays_out_with_the_same_words(client: Client) -> None:
    make_customer("andrei@example.com", password=PASSWORD, is_active=False)
    answer = sign_in(client, "andrei@example.com")
    assert answer.status_code == 400
    assert WRONG in answer.content.decode()


def test_the_system_has_no_password(client: Client) -> None:
    User.objects.system()
    assert sign_in(client, "system@sportello.invalid").status_code == 400


@pytest.mark.parametrize("password", ["", "x" * (1024 * 1024), "nul\0nul", "x" * 1025])
def test_b081_passwords_that_cannot_be_are_refused_without_work(client: Client, password: str) -> None:
    make_customer("andrei@example.com", password=PASSWORD)
    assert sign_in(client, "andrei@example.com", password).status_code == 400


def test_b081_spaces_and_faces_belong_to_a_password(client: Client) -> None:
    make_customer("andrei@example.com", password="  a bell and a \N{GRINNING FACE} ")
    assert sign_in(Client(), "andrei@example.com", "a bell and a \N{GRINNING FACE}").status_code == 400
    assert sign_in(Client(), "andrei@example.com", "  a bell and a \N{GRINNING FACE} ").status_code == 302


def test_b080_ten_wrong_tries_make_a_pause_that_ends_by_itself(client: Client) -> None:
    make_customer("andrei@example.com", password=PASSWORD)
    with time_machine.travel(timezone.now(), tick=False) as clock:
        for _ in range(10):
            assert sign_in(client, "andrei@example.com", "wrong").status_code == 400
        paused = sign_in(client, "andrei@example.com")
        assert paused.status_code == 429
        assert paused["Retry-After"] == "900"
        assert "Wait 15 minutes, or have a link mailed to you." in paused.content.decode()
        clock.shift(timedelta(minutes=15))
        assert sign_in(client, "andrei@example.com").status_code == 302


class Impatient(AddressBackend):
    """While one password is looked at, the next one comes: as many at once as the test asks for."""

    left = 0
    answers: ClassVar[list[int]] = []

    def authenticate(self, request: HttpRequest | None, *args: Any, **credentials: Any) -> User | None:
        if Impatient.left:
            Impatient.left -= 1
            self.answers.append(sign_in(Client(), "andrei@example.com", "wrong").status_code)
        return super().authenticate(request, *args, **credentials)


def test_b080_tries_at_the_same_moment_are_no_more_than_tries_in_a_row(client: Client, settings: LazySettings) -> None:
    make_customer("andrei@example.com", password=PASSWORD)
    for _ in range(7):
        sign_in(client, "andrei@example.com", "wrong")
    settings.AUTHENTICATION_BACKENDS = [f"{__name__}.Impatient"]
    Impatient.left = 5
    assert sign_in(client, "andrei@example.com", "wrong").status_code == 400
    assert Impatient.answers == [429, 400, 400]  # the innermost answers first


def test_b080_who_is_turned_away_uses_up_nothing_of_the_others(client: Client) -> None:
    make_customer("andrei@example.com", password=PASSWORD)
    for _ in range(40):
        sign_in(client, "andrei@example.com", "wrong")
    elsewhere = {"address": "andrei@example.com", "password": PASSWORD}
    assert client.post(SIGN_IN, elsewhere, REMOTE_ADDR="198.51.100.7").status_code == 302


def test_b080_one_account_tried_from_many_networks_is_slowed(client: Client) -> None:
    make_customer("andrei@example.com", password=PASSWORD)
    answers = [
        client.post(SIGN_IN, {"address": "andrei@example.com", "password": "wrong"}, REMOTE_ADDR=f"198.51.100.{number}")
        for number in range(31)
    ]
    assert [answer.status_code for answer in answers] == [400] * 30 + [429]


def test_b080_many_accounts_tried_from_one_network_are_slowed(client: Client) -> None:
    answers = [sign_in(client, f"person{number}@example.com", "wrong") for number in range(51)]
    assert [answer.status_code for answer in answers] == [400] * 50 + [429]


def test_b080_a_link_lets_the_owner_in_while_others_guess(client: Client, letters: list[Letter]) -> None:
    make_customer("andrei@example.com", password=PASSWORD)
    for number in range(31):
        wrong = {"address": "andrei@example.com", "password": "wrong"}
        client.post(SIGN_IN, wrong, REMOTE_ADDR=f"198.51.100.{number}")
    assert sign_in(client, "andrei@example.com").status_code == 429
    client.post("/account/link/", {"address": "andrei@example.com"})
    run_jobs()
    assert client.post(letters[0].link).status_code == 302
    assert client.get("/requests/").status_code == 200


def test_being_signed_in_costs_the_session_and_the_person(client: Client) -> None:
    make_customer("andrei@example.com", password=PASSWORD)
    sign_in(client, "andrei@example.com")
    asked = queries_of(lambda: client.get(SIGN_IN))
    assert ["django_session" in asked[0], "people_user" in asked[1], len(asked)] == [True, True, 2]


def test_right_passwords_are_never_too_many(client: Client) -> None:
    make_customer("andrei@example.com", password=PASSWORD)
    assert {sign_in(Client(), "andrei@example.com").status_code for _ in range(60)} == {302}


def test_signing_in_is_noted_with_browser_and_place(client: Client) -> None:
    user = make_customer("andrei@example.com", password=PASSWORD)
    agent = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
    client.post(SIGN_IN, {"address": user.address, "password": PASSWORD}, HTTP_USER_AGENT=agent)
    noted = SignedInSession.objects.get()
    assert (noted.user, noted.browser, noted.ip_address) == (user, "Firefox, Linux", "127.0.0.1")
    assert noted.session_key == client.session.session_key


def test_signing_in_twice_in_one_browser_is_one_session(client: Client) -> None:
    make_customer("andrei@example.com", password=PASSWORD)
    make_customer("ioana@example.com", password=PASSWORD)
    sign_in(client, "andrei@example.com")
    client.post("/account/sign-out/")
    sign_in(client, "ioana@example.com")
    assert [noted.user.address for noted in SignedInSession.objects.all()] == ["ioana@example.com"]


def test_without_staying_the_session_ends_with_the_browser(client: Client) -> None:
    make_customer("andrei@example.com", password=PASSWORD)
    sign_in(client, "andrei@example.com")
    assert client.session.get_expire_at_browser_close()
    other = Client()
    sign_in(other, "andrei@example.com", stay="on")
    assert not other.session.get_expire_at_browser_close()


def test_b082_signing_out_ends_the_session_and_needs_a_post(client: Client) -> None:
    make_customer("andrei@example.com", password=PASSWORD)
    sign_in(client, "andrei@example.com")
    old = client.cookies["sessionid"].value
    assert client.get("/account/sign-out/").status_code == 405
    assert client.post("/account/sign-out/")["Location"] == "/"
    assert not SignedInSession.objects.exists()
    client.cookies["sessionid"] = old
    assert client.get("/requests/").status_code == 302


def test_b082_a_person_who_is_switched_off_is_out_at_the_next_click(client: Client) -> None:
    user = make_customer("andrei@example.com", password=PASSWORD)
    sign_in(client, "andrei@example.com")
    assert client.get("/requests/").status_code == 200
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert client.get("/requests/").status_code == 302


def test_whoever_is_in_already_is_led_on(client: Client) -> None:
    user = make_agent(role=Role.AGENT)
    client.force_login(user)
    assert client.get(f"{SIGN_IN}?next=/requests/")["Location"] == "/requests/"
    assert client.get(SIGN_IN)["Location"] == "/desk/"


@pytest.mark.parametrize("path", [SIGN_IN, "/account/link/", "/account/password/forgotten/", "/account/sign-out/"])
def test_b085_forms_without_their_token_are_refused(path: str) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(path, {"address": "andrei@example.com", "password": PASSWORD}).status_code == 403


def test_b086_a_forged_host_is_refused(client: Client) -> None:
    assert client.get(SIGN_IN, headers={"host": "evil.example"}).status_code == 400
