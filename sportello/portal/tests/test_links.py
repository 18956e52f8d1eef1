"""Is a signed link the right to one request, for one reader, for a while?"""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from sportello.channels.testing import Letter
from sportello.kernel.jobs.testing import run_jobs
from sportello.people.models import Team, User
from sportello.people.testing import make_customer
from sportello.portal.tests.ways import by_link
from sportello.tickets.links import follow_token
from sportello.tickets.models import Ticket
from sportello.tickets.testing import make_ticket

pytestmark = pytest.mark.django_db


def test_pages_by_link_leave_no_trace(ticket: Ticket, andrei: User) -> None:
    client, path = by_link(ticket, andrei)
    for page in (client.get(path), client.post(f"{path}answer/", {"body": ""})):
        assert page["Referrer-Policy"] == "no-referrer"
        assert page["X-Robots-Tag"] == "noindex"
        assert "no-store" in page["Cache-Control"]


def test_b074_a_forged_or_changed_link_is_not_there(ticket: Ticket, andrei: User) -> None:
    token = follow_token(ticket, andrei)
    for wrong in (token[:-1], token + "x", token.swapcase(), "x", "%00", "a" * 5000, token.replace(":", "")):
        assert Client().get(f"/r/{wrong}/").status_code == 404
        assert Client().post(f"/r/{wrong}/answer/", {"body": "x"}).status_code == 404


def test_a_broken_link_says_that_it_is_one_and_where_a_whole_one_comes_from(ticket: Ticket, andrei: User) -> None:
    for wrong in (f"/r/{follow_token(ticket, andrei)[:-9]}/", "/requests/sent/broken/"):
        response = Client().get(wrong)
        page = response.content.decode()
        assert response.status_code == 404
        assert "This link is not whole" in page and 'href="/find/"' in page


def test_a_link_of_somebody_who_follows_no_more_is_not_there(ticket: Ticket, andrei: User) -> None:
    reception = make_customer("reception@example.com")
    ticket.add_participant(reception, by=andrei)
    client, path = by_link(ticket, reception)
    assert client.get(path).status_code == 200
    ticket.remove_participant(reception, by=andrei)
    assert client.get(path).status_code == 404
    client, path = by_link(ticket, andrei)
    User.objects.filter(pk=andrei.pk).update(is_active=False)
    assert client.get(path).status_code == 404


def test_an_old_link_shows_nothing_and_a_fresh_one_comes_by_mail(
    ticket: Ticket, andrei: User, letters: list[Letter]
) -> None:
    client, path = by_link(ticket, andrei)
    with time_machine.travel(timezone.now() + timedelta(days=61)):
        old = client.get(path)
        assert old.status_code == 410
        assert old["Referrer-Policy"] == "no-referrer"
        assert "andrei" not in old.content.decode()
        assert ticket.subject not in old.content.decode()
        assert client.post(f"{path}answer/", {"body": "x"}).status_code == 410
        asked = client.post(f"{path}fresh/")
        assert asked.status_code == 200
        assert "andrei" not in asked.content.decode()
        run_jobs()
        assert [letter.address for letter in letters] == ["andrei@example.com"]
        assert client.get(letters[0].link).status_code == 200
    assert ticket.subject not in letters[0].subject + letters[0].text


def test_a_fresh_link_for_a_forged_one_goes_nowhere_and_says_the_same(
    ticket: Ticket, andrei: User, letters: list[Letter]
) -> None:
    real = Client().post(f"/r/{follow_token(ticket, andrei)}/fresh/").content
    forged = Client().post("/r/forged/fresh/").content
    run_jobs()
    assert real == forged
    assert len(letters) == 1


def test_a_link_is_read_in_its_readers_language_or_in_the_browsers(team: Team) -> None:
    ioana = make_customer(language="ro")
    client, path = by_link(make_ticket(team=team, requester=ioana), ioana)
    assert '<html lang="ro"' in client.get(path).content.decode()
    client.cookies["django_language"] = "it"
    assert '<html lang="it"' in client.get(path).content.decode()
    client.cookies["django_language"] = "xx"
    assert '<html lang="ro"' in client.get(path).content.decode()
