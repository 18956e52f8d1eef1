"""Does somebody who changes the language while they write keep every word?"""

from typing import Any

import pytest
from django.test import Client

from sportello.people.models import Team, User
from sportello.people.testing import make_customer
from sportello.portal.tests.asking import NEW, filled, token_on
from sportello.portal.tests.ways import WAYS, by_link, written
from sportello.tickets.models import Submission, Ticket
from sportello.tickets.testing import make_ticket

pytestmark = pytest.mark.django_db
SWITCHED = {"only": "language"}


def test_a_guest_keeps_the_whole_form(client: Client, team: Team) -> None:
    token = token_on(client)
    typed = filled(team, subject="Thermostats & gateways", body="One.\nTwo.", token=token)
    answer = client.post(NEW, {**typed, **SWITCHED, "language": "ro"})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert '<html lang="ro"' in page
    assert 'value="Andrei Munteanu"' in page and 'value="andrei@example.com"' in page
    assert 'value="Thermostats &amp; gateways"' in page and "One.\nTwo.</textarea>" in page
    assert f'<option value="{team.pk}" selected>' in page and 'value="many" checked' in page
    assert f'name="token" value="{token}"' in page  # the same form still, opened when it was opened
    assert 'role="alert" tabindex="-1"' not in page
    assert not Ticket.objects.exists()
    assert client.cookies["django_language"].value == "ro"


def test_a_person_keeps_the_form_and_we_the_choice(client: Client, team: Team, andrei: User) -> None:
    client.force_login(andrei)
    page = client.post(NEW, {"subject": "", "body": "No heat.", "language": "it", **SWITCHED}).content.decode()
    assert '<html lang="it"' in page and "No heat.</textarea>" in page
    andrei.refresh_from_db()
    assert andrei.language == "it"


@WAYS
def test_half_an_answer_is_kept(way: Any, ticket: Ticket, andrei: User) -> None:
    client, path = way(ticket, andrei)
    data = written(client, path, "Half an answer", language="it", attachments="led.png", **SWITCHED)
    answer = client.post(f"{path}answer/", data)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert '<html lang="it"' in page
    assert "Half an answer</textarea>" in page
    assert "led.png" in page  # a browser gives a file's name along, not the file
    assert ticket.messages.count() == 1
    assert not Submission.objects.exists()
    assert '<html lang="it"' in client.get(path).content.decode()


def test_a_search_for_a_request_is_kept(client: Client) -> None:
    page = client.post("/find/", {"number": "1042", "address": "ana@", "language": "ro", **SWITCHED}).content.decode()
    assert '<html lang="ro"' in page and 'value="1042"' in page and 'value="ana@"' in page


def test_a_link_tells_nobodys_language_but_the_browsers(team: Team) -> None:
    ioana, reader = make_customer(language="ro"), make_customer(language="en")
    client, path = by_link(make_ticket(team=team, requester=ioana), ioana)
    client.force_login(reader)
    client.post(f"{path}answer/", {"body": "", "language": "it", **SWITCHED})
    for person in (ioana, reader):
        before = person.language
        person.refresh_from_db()
        assert person.language == before


@pytest.mark.parametrize("wish", ["xx", ""])
def test_a_language_we_lack_changes_nothing_and_loses_nothing(client: Client, team: Team, wish: str) -> None:
    page = client.post(NEW, {"subject": "Kept", "language": wish, **SWITCHED}).content.decode()
    assert '<html lang="en"' in page and 'value="Kept"' in page


def test_enter_in_a_field_still_sends(client: Client, team: Team) -> None:
    """A browser presses the first button of the form, and the switch stands above it."""
    before, _, after = (
        client.get(NEW)
        .content.decode()
        .partition('<button class="button button--small" type="submit" form="request-form" name="only"')
    )
    assert after
    assert '<button class="visually-hidden" type="submit" form="request-form" tabindex="-1"' in before


@WAYS
@pytest.mark.parametrize("form", ["answer", "solution"])
def test_the_address_of_a_refused_answer_leads_back_to_the_request(
    way: Any, form: str, ticket: Ticket, andrei: User
) -> None:
    client, path = way(ticket, andrei)
    answer = client.get(f"{path}{form}/")
    assert (answer.status_code, answer["Location"]) == (302, path)
