"""Does a customer see all of their request, nothing of ours and nothing of others, and can they answer?"""

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from sportello.people.models import Team, User
from sportello.people.testing import make_agent, make_customer, make_organisation
from sportello.portal.tests.ways import WAYS, by_link, by_session, written
from sportello.tickets.models import Ticket
from sportello.tickets.testing import make_note, make_reply, make_ticket
from sportello.tickets.words import Status

pytestmark = pytest.mark.django_db


@WAYS
def test_the_public_thread_is_there_and_nothing_else(way: Any, ticket: Ticket, andrei: User, marta: User) -> None:
    make_reply(ticket, marta, "Restart the gateway.\n\nSee https://alba.example/help")
    make_note(ticket, marta, "An old gateway, do not tell.")
    make_reply(ticket, marta, "Not yet visible.", undo_seconds=10)
    client, path = way(ticket, andrei)
    page = client.get(path).content.decode()
    assert "Fourteen rooms have no heating." in page
    assert "Restart the gateway." in page
    assert 'href="https://alba.example/help"' in page
    assert "do not tell" not in page
    assert "Not yet visible" not in page
    assert "Marta" in page
    assert "Rinaldi" not in page
    assert "agent" not in marta.address or marta.address not in page


@WAYS
def test_markup_in_words_stayswritten(way: Any, team: Team, andrei: User) -> None:
    bad = "<script>alert(1)</script><img src=x onerror=alert(2)>"
    ticket = make_ticket(team=team, requester=andrei, subject=bad, text=bad)
    client, path = way(ticket, andrei)
    page = client.get(path).content.decode()
    assert "<script>alert" not in page
    assert "<img src=x" not in page


@pytest.mark.parametrize(
    ("verb", "current", "words"),
    [
        ("", "Received", "somebody will look at it"),
        ("start", "In progress", "We will write to you."),
        ("hold", "In progress", "You have nothing to do."),
        ("wait", "Waiting for you", "We wait for your answer."),
        ("solve", "Solved", "If you write again, it opens again."),
    ],
)
def test_the_steps_say_where_it_stands(
    ticket: Ticket, andrei: User, marta: User, verb: str, current: str, words: str
) -> None:
    if verb:
        getattr(ticket, verb)(by=marta)
    client, path = by_session(ticket, andrei)
    page = client.get(path).content.decode()
    step = page.partition('aria-current="step"')[2].partition("</b>")[0]
    assert step.endswith(f"<b>{current}")
    assert words in page


def steps_on(ticket: Ticket, reader: User) -> list[str]:
    """Each with its note, as a customer reads it; times left out."""
    client, path = by_session(ticket, reader)
    drawn = client.get(path).content.decode().partition('id="stepper"')[2].partition("</ol>")[0]
    return [f"{name} {note}".strip() for name, note in re.findall(r"<b>([^<]+)</b><span>([^<]*)", drawn)]


def test_a_solved_request_does_not_say_that_it_waited(ticket: Ticket, andrei: User, marta: User) -> None:
    ticket.assign_to(marta, by=marta)
    ticket.wait(by=marta)
    assert steps_on(ticket, andrei)[2] == "Waiting for you your turn"
    ticket.solve(by=marta)
    assert steps_on(ticket, andrei) == ["Received", "In progress with Marta", "Solved"]


def test_who_has_nothing_to_do_reads_it_once_somebody_works_on_it(ticket: Ticket, andrei: User, marta: User) -> None:
    assert steps_on(ticket, andrei)[2] == "Waiting for you"
    ticket.start(by=marta)
    assert steps_on(ticket, andrei)[2] == "Waiting for you nothing to do now"


@WAYS
def test_an_answer_joins_and_opens_again_what_waited(way: Any, ticket: Ticket, andrei: User, marta: User) -> None:
    make_reply(ticket, marta, then=Status.WAITING)
    client, path = way(ticket, andrei)
    answer = client.post(f"{path}answer/", written(client, path, "It is the third floor."))
    assert (answer.status_code, answer["Location"]) == (302, path)
    ticket.refresh_from_db()
    said = ticket.messages.latest("id")
    assert (said.text, said.author, said.incoming) == ("It is the third floor.", andrei, 1)
    assert ticket.status == Status.OPEN


@WAYS
def test_an_answer_brings_files(way: Any, ticket: Ticket, andrei: User) -> None:
    client, path = way(ticket, andrei)
    data = written(client, path, "Here.", attachments=[SimpleUploadedFile("led.png", b"picture", "image/png")])
    client.post(f"{path}answer/", data)
    assert [file.name for file in ticket.messages.latest("id").attachments.all()] == ["led.png"]


@WAYS
def test_b120_an_answer_sent_twice_is_one_message(way: Any, ticket: Ticket, andrei: User) -> None:
    client, path = way(ticket, andrei)
    data = written(client, path, "Once.")
    for _ in range(3):
        assert client.post(f"{path}answer/", data)["Location"] == path
    assert ticket.messages.count() == 2


@WAYS
def test_an_empty_answer_is_refused_withwritten(way: Any, ticket: Ticket, andrei: User) -> None:
    client, path = way(ticket, andrei)
    answer = client.post(f"{path}answer/", written(client, path, "  "))
    assert answer.status_code == 400
    assert "Write a few words about them." in answer.content.decode()
    assert ticket.messages.count() == 1


@WAYS
def test_files_over_the_limit_keep_thewritten(way: Any, ticket: Ticket, andrei: User, settings: LazySettings) -> None:
    settings.UPLOAD_LIMIT_BYTES = 1000
    client, path = way(ticket, andrei)
    data = written(client, path, "My long words", attachments=[SimpleUploadedFile("1.bin", b"x" * 100_000)])
    answer = client.post(f"{path}answer/", data)
    assert answer.status_code == 413
    assert "My long words" in answer.content.decode()
    assert ticket.messages.count() == 1


@WAYS
def test_where_nobody_had_to_work_on_it_no_step_says_so(way: Any, ticket: Ticket, andrei: User) -> None:
    client, path = way(ticket, andrei)
    assert "<b>In progress</b>" in client.get(path).content.decode()
    client.post(f"{path}solution/", written(client, path, "It was the fuse."))
    page = client.get(path).content.decode()
    assert "<b>Received</b>" in page and "<b>Solved</b>" in page
    assert "<b>In progress</b>" not in page and "<b>Waiting for you</b>" not in page


@WAYS
def test_the_customer_says_that_it_is_solved(way: Any, ticket: Ticket, andrei: User) -> None:
    client, path = way(ticket, andrei)
    client.post(f"{path}solution/", written(client, path, "Warm again, thank you."))
    ticket.refresh_from_db()
    assert (ticket.status, ticket.assignee) == (Status.SOLVED, None)
    assert ticket.messages.latest("id").text == "Warm again, thank you."
    client.post(f"{path}solution/", written(client, path, ""))
    assert ticket.messages.count() == 2
    assert "It is solved</button>" not in client.get(path).content.decode()


@WAYS
def test_an_answer_within_the_window_opens_it_again(way: Any, ticket: Ticket, andrei: User, marta: User) -> None:
    ticket.solve(by=marta)
    client, path = way(ticket, andrei)
    client.post(f"{path}answer/", written(client, path, "Cold again."))
    ticket.refresh_from_db()
    assert ticket.status == Status.OPEN


@WAYS
def test_an_answer_after_the_window_opens_a_linked_new_one_and_says_so(
    way: Any, ticket: Ticket, andrei: User, marta: User
) -> None:
    ticket.solve(by=marta)
    with time_machine.travel(timezone.now() + timedelta(days=15)):
        client, path = way(ticket, andrei)
        assert "What you write opens a new one" in client.get(path).content.decode()
        answer = client.post(f"{path}answer/", written(client, path, "Cold again."))
        follow_up = Ticket.objects.latest("id")
        page = client.get(answer["Location"]).content.decode()
    assert (follow_up.follow_up_of, follow_up.requester) == (ticket, andrei)
    ticket.refresh_from_db()
    assert ticket.status == Status.SOLVED
    assert "Cold again." in page
    assert f"Your answer opened a new one, {follow_up.pk}, linked to it." in page


@WAYS
def test_a_closed_request_cannot_be_solved_again(way: Any, ticket: Ticket, andrei: User, marta: User) -> None:
    ticket.solve(by=marta)
    ticket.close(by=marta)
    client, path = way(ticket, andrei)
    assert client.post(f"{path}solution/", written(client, path, ""))["Location"] == path
    ticket.refresh_from_db()
    assert ticket.status == Status.CLOSED


@WAYS
def test_one_person_writes_sixty_times_an_hour_and_then_keeps_thewritten(
    way: Any, ticket: Ticket, andrei: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sportello.portal.pace.BY_ONE_PERSON", 2)
    client, path = way(ticket, andrei)
    answers = [client.post(f"{path}answer/", written(client, path, f"Words {number}")) for number in range(3)]
    assert [answer.status_code for answer in answers] == [302, 302, 429]
    assert "Words 2" in answers[-1].content.decode()


def test_a_participant_sees_who_sees_it(ticket: Ticket, andrei: User) -> None:
    reception = make_customer("reception@example.com", name="Reception")
    ticket.add_participant(reception, by=andrei)
    client, path = by_session(ticket, reception)
    page = client.get(path).content.decode()
    who = page.partition("Who can see this")[2]
    assert "Andrei Munteanu" in who
    assert "You" in who


def test_colleagues_share_where_their_firm_wants_it(team: Team) -> None:
    organisation = make_organisation("Hotel Carpatica", "hotel.example")
    ticket = make_ticket(team=team, requester=make_customer("andrei@hotel.example"))
    client, path = by_session(ticket, make_customer("ioana@hotel.example"))
    assert client.get(path).status_code == 404
    organisation.shares_requests = True
    organisation.save(update_fields=["shares_requests"])
    assert "Everybody at Hotel Carpatica" in client.get(path).content.decode()


def test_others_and_guests_and_agents_who_do_not_follow_see_nothing(ticket: Ticket, marta: User) -> None:
    for stranger in (make_customer("other@example.com"), marta):
        client, path = by_session(ticket, stranger)
        assert client.get(path).status_code == 404
        assert client.post(f"{path}answer/", {"body": "Let me in"}).status_code == 404
        assert client.post(f"{path}solution/").status_code == 404
    assert Client().get(path)["Location"].startswith("/account/sign-in/?next=")
    assert ticket.messages.count() == 1


@pytest.mark.parametrize("number", ["0", "1", "999999", "99999999999999999999999999"])
def test_a_number_that_is_nobodys_is_not_there(andrei: User, number: str) -> None:
    client = Client()
    client.force_login(andrei)
    assert client.get(f"/requests/{number}/").status_code == 404


def test_b085_by_session_an_answer_needs_its_csrf_token(ticket: Ticket, andrei: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(andrei)
    for act in ("answer", "solution"):
        assert client.post(f"/requests/{ticket.pk}/{act}/", {"body": "Forged"}).status_code == 403


def test_times_are_the_readers(team: Team) -> None:
    at_noon = timezone.now().replace(hour=12, minute=0)
    with time_machine.travel(at_noon, tick=False):
        tokyo = make_customer(time_zone="Asia/Tokyo")
        ticket = make_ticket(team=team, requester=tokyo)
        for way in (by_session, by_link):
            client, path = way(ticket, tokyo)
            assert "21:00" in client.get(path).content.decode()


def test_the_page_says_how_it_was_solved_once_that_stands(ticket: Ticket, andrei: User) -> None:
    agent = make_agent(ticket.team)
    with time_machine.travel(timezone.now(), tick=False) as clock:
        make_reply(ticket, agent, undo_seconds=10, then="solved", solution="The <b>gateway</b> was restarted.")
        client, path = by_session(ticket, andrei)
        assert "gateway" not in client.get(path).content.decode()
        clock.shift(11)
        assert "The &lt;b&gt;gateway&lt;/b&gt; was restarted." in client.get(path).content.decode()
    ticket.start(by=andrei)
    assert "gateway" not in client.get(path).content.decode()
