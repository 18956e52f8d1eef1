"""Does everybody read in their own language and time?"""

from datetime import UTC, datetime

import pytest
import time_machine
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.utils import timezone, translation

from sportello.account.middleware import PersonMiddleware
from sportello.people.models import Brand, User
from sportello.people.testing import make_customer, make_team
from sportello.people.zones import zone_named

pytestmark = pytest.mark.django_db
LANGUAGE = "/account/language/"


def language_of(client: Client, **headers: str) -> str:
    return str(client.get("/", headers=headers)["Content-Language"])


@pytest.mark.parametrize(
    ("asked", "spoken"),
    [
        ("it-IT,it;q=0.9", "it"),
        ("ro", "ro"),
        ("de,ro;q=0.5", "ro"),
        ("en-GB", "en"),
        ("de", "en"),
        ("", "en"),
        (";;q=x", "en"),
    ],
)
def test_a_guest_reads_what_the_browser_asks_for(client: Client, asked: str, spoken: str) -> None:
    assert language_of(client, **{"accept-language": asked}) == spoken


def test_a_guest_whose_language_we_lack_reads_the_firms(client: Client) -> None:
    Brand.put(name="Alba Termica", language="it")
    assert language_of(client, **{"accept-language": "de"}) == "it"
    assert language_of(client, **{"accept-language": "en"}) == "en"


def test_a_guests_choice_is_kept_by_the_browser(client: Client) -> None:
    assert client.post(LANGUAGE, {"language": "ro", "next": "/requests/new/"})["Location"] == "/requests/new/"
    assert language_of(client, **{"accept-language": "it"}) == "ro"


def test_a_persons_choice_is_kept_by_us(client: Client) -> None:
    user = make_customer(language="it")
    client.force_login(user)
    assert language_of(client, **{"accept-language": "ro"}) == "it"
    client.post(LANGUAGE, {"language": "ro"})
    elsewhere = Client()
    elsewhere.force_login(User.objects.get(pk=user.pk))
    assert language_of(elsewhere) == "ro"


@pytest.mark.parametrize("language", ["xx", "", "en-US", "../it"])
def test_a_language_we_lack_is_refused(client: Client, language: str) -> None:
    assert client.post(LANGUAGE, {"language": language}).status_code == 400


def test_the_language_form_leads_nowhere_else(client: Client) -> None:
    assert client.post(LANGUAGE, {"language": "ro", "next": "//evil.example"})["Location"] == "/"


def test_times_are_in_the_persons_zone_and_a_guests_in_the_firms() -> None:
    seen: list[str] = []

    def answer(request: HttpRequest) -> HttpResponse:
        seen.append(f"{timezone.localtime():%H:%M} {translation.get_language()}")
        return HttpResponse()

    middleware = PersonMiddleware(answer)
    Brand.put(name="Alba Termica", time_zone="Europe/Bucharest")
    with time_machine.travel(datetime(2026, 1, 15, 12, 0, tzinfo=UTC), tick=False):
        for user in (make_customer(time_zone="Asia/Tokyo", language="it"), None):
            request = RequestFactory().get("/", headers={"accept-language": "ro"})
            request.session = Client().session
            request.user = user or Client().get("/").wsgi_request.user
            middleware(request)
    assert seen == ["21:00 it", "14:00 ro"]
    assert translation.get_language() == "en"


def test_a_zone_that_is_gone_is_utc() -> None:
    assert str(zone_named("Mars/Olympus")) == "UTC"
    assert str(zone_named("../../etc/passwd")) == "UTC"


def test_the_firm_is_asked_for_once_in_a_while(client: Client) -> None:
    make_team("Support")
    Brand.put(name="Alba Termica", tagline="Help")
    assert "Alba Termica" in client.get("/").content.decode()
    Brand.objects.update(name="Changed behind its back")
    assert "Alba Termica" in client.get("/").content.decode()
    Brand.put(name="Bora Idraulica")
    assert "Bora Idraulica" in client.get("/").content.decode()
