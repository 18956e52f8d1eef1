"""Can a person see and change what is theirs, and only that?"""

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from sportello.channels.testing import Letter
from sportello.kernel.jobs.testing import run_jobs
from sportello.people.finding import find_people
from sportello.people.models import Address, OneTimeLink, SignedInSession, User
from sportello.people.models.one_time_link import Purpose
from sportello.people.testing import PASSWORD, make_agent, make_customer
from tests.queries import assert_constant_queries, queries_of

pytestmark = pytest.mark.django_db
ME = "/account/"
NEW_PASSWORD = "a different bell 43"


def signed_in(user: User) -> Client:
    client = Client()
    answer = client.post("/account/sign-in/", {"address": user.address, "password": PASSWORD, "stay": "on"})
    assert answer.status_code == 302
    return client


@pytest.fixture
def andrei() -> User:
    return make_customer("andrei@example.com", password=PASSWORD)


def test_guests_are_asked_to_sign_in_and_come_back(client: Client) -> None:
    assert client.get(ME)["Location"] == "/account/sign-in/?next=/account/"


def test_a_customer_chooses_name_language_zone_and_colours(andrei: User) -> None:
    client = signed_in(andrei)
    chosen = {"name": "Andrei M.", "language": "ro", "time_zone": "Europe/Bucharest", "theme": "dark"}
    assert client.post(ME, chosen)["Location"] == ME
    andrei.refresh_from_db()
    assert (andrei.name, andrei.language, andrei.time_zone) == ("Andrei M.", "ro", "Europe/Bucharest")
    assert andrei.look == {"theme": "dark"}
    page = client.get(ME).content.decode()
    assert '<html lang="ro"' in page
    assert 'data-theme="dark"' in page


def test_staff_choose_density_and_keys_too() -> None:
    marta = make_agent(address="marta@desk.example", password=True)
    chosen = {"name": "Marta", "language": "en", "time_zone": "Europe/Rome", "theme": "system"}
    signed_in(marta).post(ME, {**chosen, "density": "compact", "letters": "off"})
    marta.refresh_from_db()
    assert marta.look == {"theme": "system", "density": "compact", "letters": "off"}


@pytest.mark.parametrize(
    "wrong",
    [{"language": "xx"}, {"time_zone": "Europe/Nowhere"}, {"time_zone": "../../etc/passwd"}, {"name": "x" * 201}],
)
def test_nonsense_is_refused_and_changes_nothing(andrei: User, wrong: dict[str, str]) -> None:
    good = {"name": "Andrei M.", "language": "ro", "time_zone": "Europe/Bucharest", "theme": "dark"}
    assert signed_in(andrei).post(ME, good | wrong).status_code == 400
    andrei.refresh_from_db()
    assert (andrei.name, andrei.language, andrei.look) == ("Andrei Munteanu", "en", {})


def test_b090_nobody_makes_themself_more_than_they_are(andrei: User) -> None:
    good = {"name": "Andrei", "language": "en", "time_zone": "Europe/Rome", "theme": "system"}
    signed_in(andrei).post(ME, {**good, "role": "administrator", "is_active": "", "organisation": "1", "id": "99"})
    andrei.refresh_from_db()
    assert (andrei.role, andrei.is_active, andrei.organisation) == ("customer", True, None)


def test_one_choice_of_look_is_remembered(andrei: User) -> None:
    client = signed_in(andrei)
    assert client.post("/account/look/", {"theme": "dark"}).status_code == 204
    assert client.post("/account/look/", {"theme": "pink"}).status_code == 400
    andrei.refresh_from_db()
    assert andrei.look == {"theme": "dark"}


def test_changing_the_password_needs_the_old_one_and_ends_other_sessions(andrei: User) -> None:
    here, elsewhere = signed_in(andrei), signed_in(andrei)
    wrong = here.post("/account/password/", {"current": "not this", "password": NEW_PASSWORD})
    assert wrong.status_code == 400
    assert elsewhere.get(ME).status_code == 200
    before = here.session.session_key
    assert here.post("/account/password/", {"current": PASSWORD, "password": NEW_PASSWORD}).status_code == 302
    assert here.get(ME).status_code == 200
    assert here.session.session_key != before
    assert elsewhere.get(ME).status_code == 302
    assert [noted.session_key for noted in SignedInSession.objects.all()] == [here.session.session_key]


def test_b080_the_current_password_is_guessed_ten_times_and_no_more(andrei: User) -> None:
    client = signed_in(andrei)
    wrong = {"current": "not this", "password": NEW_PASSWORD}
    with time_machine.travel(timezone.now(), tick=False) as clock:
        assert [client.post("/account/password/", wrong).status_code for _ in range(10)] == [400] * 10
        paused = client.post("/account/password/", {"current": PASSWORD, "password": NEW_PASSWORD})
        assert (paused.status_code, paused["Retry-After"]) == (429, "900")
        assert "There were too many failed attempts. Wait 15 minutes" in paused.content.decode()
        assert Client().post("/account/sign-in/", {"address": andrei.address, "password": PASSWORD}).status_code == 429
        clock.shift(900)
        assert client.post("/account/password/", {"current": PASSWORD, "password": NEW_PASSWORD}).status_code == 302


def test_the_right_current_password_is_never_too_often(andrei: User) -> None:
    client = signed_in(andrei)
    answers = [client.post("/account/password/", {"current": PASSWORD, "password": "short"}) for _ in range(12)]
    assert {answer.status_code for answer in answers} == {400}


def test_whoever_has_no_password_chooses_one_without_an_old_one() -> None:
    user = make_customer("ana@example.com")
    client = Client()
    client.force_login(user)
    assert "You have none" in client.get(ME).content.decode()
    assert client.post("/account/password/", {"password": NEW_PASSWORD}).status_code == 302
    user.refresh_from_db()
    assert user.check_password(NEW_PASSWORD)


@pytest.mark.parametrize("form", ["addresses/", "password/"])
def test_the_address_of_a_refused_form_leads_back_to_the_page(andrei: User, form: str) -> None:
    client = signed_in(andrei)
    refused = client.post(ME + form, {"new-address": "ana@", "current": "wrong"})
    assert refused.status_code == 400 and "field__error" in refused.content.decode()
    assert client.get(ME + form)["Location"] == ME


@pytest.mark.parametrize("weak", ["short", "1234567890123", "password123"])
def test_whatever_makes_a_password_weak_is_said_in_one_sentence(andrei: User, weak: str) -> None:
    page = signed_in(andrei).post(ME + "password/", {"current": PASSWORD, "password": weak}).content.decode()
    _, _, error = page.partition('id="id_password_error"')
    said = "This is too easy to guess. Take ten characters or more, not only digits, and nothing that many people use."
    assert f"<span>{said}</span>" in error and "This password is" not in page


def test_a_session_is_ended_from_elsewhere_at_the_next_click(andrei: User) -> None:
    here, elsewhere = signed_in(andrei), signed_in(andrei)
    other = SignedInSession.objects.get(session_key=elsewhere.session.session_key)
    assert here.post(f"/account/sessions/{other.pk}/end/").status_code == 302
    assert elsewhere.get(ME).status_code == 302
    assert here.get(ME).status_code == 200


def test_all_other_sessions_end_at_once(andrei: User) -> None:
    here, *others = (signed_in(andrei) for _ in range(3))
    assert here.post("/account/sessions/end/").status_code == 302
    assert [other.get(ME).status_code for other in others] == [302, 302]
    assert here.get(ME).status_code == 200


def test_nobody_ends_the_session_of_another_person_or_their_own_here(andrei: User) -> None:
    ioana = make_customer("ioana@example.com", password=PASSWORD)
    here, theirs = signed_in(andrei), signed_in(ioana)
    for session in SignedInSession.objects.all():
        assert here.post(f"/account/sessions/{session.pk}/end/").status_code == 404
    assert theirs.get(ME).status_code == 200


def test_last_seen_is_written_once_in_five_minutes(andrei: User) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        client = signed_in(andrei)
        client.get("/requests/")
        clock.shift(299)
        quiet = queries_of(lambda: client.get("/requests/"))
        assert not any("update" in query.lower() for query in quiet)
        clock.shift(1)
        client.get("/requests/")
        assert SignedInSession.objects.get().last_seen_at == timezone.now()


def test_an_address_is_added_once_its_link_is_followed(andrei: User, letters: list[Letter]) -> None:
    client = signed_in(andrei)
    assert client.post("/account/addresses/", {"new-address": "A.M@example.org"}).status_code == 302
    run_jobs()
    assert letters[0].address == "a.m@example.org"
    assert "not confirmed yet: follow the link" in client.get(ME).content.decode()
    assert not Address.objects.filter(address="a.m@example.org").exists()
    elsewhere = signed_in(andrei)
    page = elsewhere.get(letters[0].link)
    assert page.status_code == 200
    assert "Yes, it is mine" in page.content.decode() and "Andrei Munteanu" in page.content.decode()
    assert not Address.objects.filter(address="a.m@example.org").exists()
    assert elsewhere.post(letters[0].link).status_code == 200
    assert Address.objects.get(address="a.m@example.org").user == andrei
    assert elsewhere.post(letters[0].link).status_code == 400


def test_whoever_gets_the_mail_cannot_give_their_address_to_the_account_that_asked(
    andrei: User, letters: list[Letter]
) -> None:
    signed_in(andrei).post("/account/addresses/", {"new-address": "ceo@victim.example"})
    run_jobs()
    make_customer("ioana@example.com", password=PASSWORD)
    for browser in (Client(), signed_in(User.objects.get(address="ioana@example.com"))):
        page = browser.get(letters[0].link).content.decode()
        assert "Andrei Munteanu" in page and "andrei@example.com" in page and "at Sportello" in page
        assert "Yes, it is mine" not in page
        assert browser.post(letters[0].link).status_code == 403
    assert User.objects.at_address("ceo@victim.example") is None


def test_from_the_link_one_signs_in_to_the_account_that_asked_and_comes_back(
    andrei: User, letters: list[Letter]
) -> None:
    signed_in(andrei).post("/account/addresses/", {"new-address": "a.m@example.org"})
    run_jobs()
    browser, path = Client(), letters[0].link
    assert f"/account/sign-in/?next={path}&amp;address=andrei%40example.com" in browser.get(path).content.decode()
    answer = browser.post("/account/sign-in/", {"address": andrei.address, "password": PASSWORD, "next": path})
    assert answer["Location"] == path
    assert browser.post(path).status_code == 200
    assert User.objects.at_address("a.m@example.org") == andrei


def test_the_address_of_another_person_cannot_be_taken(andrei: User, letters: list[Letter]) -> None:
    make_customer("ioana@example.com")
    client = signed_in(andrei)
    free = client.post("/account/addresses/", {"new-address": "free@example.com"})
    taken = client.post("/account/addresses/", {"new-address": "ioana@example.com"})
    assert (free.status_code, free["Location"]) == (taken.status_code, taken["Location"])
    run_jobs()
    assert [letter.address for letter in letters] == ["free@example.com"]
    make_customer("free@example.com")
    assert client.post(letters[0].link).status_code == 409


def test_an_unconfirmed_address_is_confirmed_by_a_link(andrei: User, letters: list[Letter]) -> None:
    client = signed_in(andrei)
    client.post("/account/addresses/", {"new-address": "andrei@example.com"})
    run_jobs()
    client.post(letters[0].link)
    assert andrei.addresses.get().verified_at is not None


def test_a_confirmed_address_becomes_the_first_and_another_one_goes(andrei: User) -> None:
    other = andrei.add_address("a.m@example.org", verified=True)
    first = andrei.addresses.get(address="andrei@example.com")
    client = signed_in(andrei)
    assert client.post(f"/account/addresses/{first.pk}/removal/").status_code == 404
    assert client.post(f"/account/addresses/{other.pk}/primacy/").status_code == 302
    andrei.refresh_from_db()
    assert andrei.address == "a.m@example.org"
    assert client.post(f"/account/addresses/{first.pk}/removal/").status_code == 302
    assert [found.address for found in andrei.addresses.all()] == ["a.m@example.org"]


@pytest.mark.parametrize("purpose", [Purpose.SIGN_IN, Purpose.PASSWORD])
def test_what_was_mailed_to_an_address_opens_nothing_once_it_is_removed(andrei: User, purpose: Purpose) -> None:
    other = andrei.add_address("a.m@example.org", verified=True)
    token = OneTimeLink.issue(andrei, purpose, "A.M@example.org")
    assert OneTimeLink.find(token, purpose) is not None
    assert signed_in(andrei).post(f"/account/addresses/{other.pk}/removal/").status_code == 302
    assert OneTimeLink.find(token, purpose) is None
    assert find_people("a.m@example.org") == []


def test_an_unconfirmed_address_and_one_of_others_cannot_become_the_first(andrei: User) -> None:
    loose = andrei.add_address("loose@example.org")
    foreign = make_customer("ioana@example.com").add_address("i@example.org", verified=True)
    client = signed_in(andrei)
    for address in (loose, foreign):
        assert client.post(f"/account/addresses/{address.pk}/primacy/").status_code == 404
    assert client.post(f"/account/addresses/{foreign.pk}/removal/").status_code == 404


def test_the_page_costs_the_same_with_many_addresses_and_sessions(andrei: User) -> None:
    client = signed_in(andrei)
    numbers = iter(range(100))

    def add_row() -> None:
        andrei.add_address(f"more{next(numbers)}@example.org", verified=True)
        signed_in(andrei)

    assert_constant_queries(lambda: client.get(ME), add_row, at_most=8)


def test_pages_of_signed_in_people_are_not_kept(andrei: User, client: Client) -> None:
    assert signed_in(andrei).get(ME)["Cache-Control"] == "no-store"
    assert "Cookie" in client.get("/")["Vary"]
