"""Does every request of a customer become one ticket, and is nothing lost or given away on the way?"""

from datetime import timedelta

import pytest
import time_machine
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from sportello.channels.email.testing import make_mailbox
from sportello.kernel.files import read
from sportello.people.models import Team, User
from sportello.people.testing import make_customer, make_organisation, make_team
from sportello.portal.tests.asking import NEW, ask, filled, reasons_of, tags_of, token_on
from sportello.tickets.models import Ticket
from sportello.tickets.testing import make_ticket
from sportello.tickets.words import Channel, Priority

pytestmark = pytest.mark.django_db


def test_a_stranger_gets_a_number_and_becomes_a_customer(client: Client, team: Team) -> None:
    make_mailbox(team=team)
    answer = ask(client, team)
    ticket = Ticket.objects.get()
    assert (ticket.subject, ticket.team, ticket.channel) == ("Thermostats offline", team, Channel.FORM)
    assert (ticket.requester.address, ticket.requester.name) == ("andrei@example.com", "Andrei Munteanu")
    assert ticket.priority == Priority.HIGH
    assert ticket.messages.get().text == "Fourteen rooms have no heating."
    page = client.get(answer["Location"]).content.decode()
    assert f'<span class="stub stub--large">{ticket.pk}</span>' in page
    assert "A mail is on its way" in page
    assert "andrei@example.com" in page


def test_no_mail_is_promised_while_none_can_leave(client: Client, team: Team) -> None:
    page = client.get(ask(client, team)["Location"]).content.decode()
    assert "Keep the number until then." in page and "on its way" not in page


def test_agents_see_that_nobody_confirmed_the_address(client: Client, team: Team) -> None:
    ask(client, team)
    ticket = Ticket.objects.get()
    assert reasons_of(ticket) == {"form"}
    assert tags_of(ticket) == []


def test_the_language_of_the_page_is_remembered(client: Client, team: Team) -> None:
    client.cookies["django_language"] = "ro"
    ask(client, team)
    ticket = Ticket.objects.get()
    assert (ticket.language, ticket.requester.language) == ("ro", "ro")


def test_whoever_is_known_is_not_asked_again(client: Client, team: Team) -> None:
    make_organisation("Hotel Carpatica", "hotel-carpatica.example")
    user = make_customer("andrei@hotel-carpatica.example")
    client.force_login(user)
    page = client.get(NEW).content.decode()
    assert 'name="address"' not in page
    assert "Hotel Carpatica" in page
    answer = ask(client, team, address="someone@else.example", name="Else")
    ticket = Ticket.objects.get()
    assert answer["Location"] == f"/requests/{ticket.pk}/"
    assert (ticket.requester, ticket.channel) == (user, Channel.PORTAL)
    assert reasons_of(ticket) == set()
    assert f"Its number is {ticket.pk}." in client.get(answer["Location"]).content.decode()


def test_a_known_address_opens_a_ticket_of_that_person_and_shows_nothing_of_theirs(client: Client, team: Team) -> None:
    user = make_customer("andrei@example.com", name="Andrei Munteanu", language="it")
    make_ticket(requester=user, subject="A secret of before")
    answer = ask(client, team, name="Someone Else")
    page = client.get(answer["Location"], follow=True).content.decode()
    user.refresh_from_db()
    assert (user.name, user.language) == ("Andrei Munteanu", "it")
    assert Ticket.objects.requested_by(user).count() == 2
    assert "secret" not in page
    assert "Munteanu" not in page
    assert "_auth_user_id" not in client.session


def test_a_receipt_cannot_be_guessed_and_runs_out(client: Client, team: Team) -> None:
    answer = ask(client, team)
    assert client.get("/requests/sent/1/").status_code == 404
    assert client.get(answer["Location"][:-3] + "xx/").status_code == 404
    with time_machine.travel(timezone.now() + timedelta(days=3)):
        assert client.get(answer["Location"]).status_code == 404


@pytest.mark.parametrize(
    "wrong",
    [
        {"subject": ""},
        {"body": ""},
        {"address": "nobody"},
        {"topic": ""},
        {"topic": "999999"},
        {"topic": "1 or 1=1"},
        {"impact": "vast"},
        {"name": "x" * 201},
        {"subject": "x" * 201},
        {"body": "x" * 100_001},
        {"subject": "nul\0nul"},
    ],
)
def test_b121_what_is_wrong_is_named_and_every_word_is_kept(client: Client, team: Team, wrong: dict[str, str]) -> None:
    answer = ask(client, team, **wrong)
    page = answer.content.decode()
    assert answer.status_code == 400
    assert 'role="alert"' in page
    for name, words in {"body": "Fourteen rooms have no heating.", "subject": "Thermostats offline"}.items():
        assert name in wrong or words in page
    assert not Ticket.objects.exists()
    assert not User.objects.exists()


def test_b121_fields_that_nobody_asked_for_do_nothing(client: Client, team: Team) -> None:
    ask(client, team, priority="4", role="administrator", requester="1", status="solved", id="7", is_staff="1")
    ticket = Ticket.objects.get()
    assert (ticket.priority, ticket.status) == (Priority.HIGH, "new")
    assert ticket.requester.role == "customer"


@pytest.mark.parametrize(
    "address",
    [
        "a@example.com\r\nBcc: b@example.com",
        "a@example.com\n",
        "a@example.com,b@example.com",
        "a@example.com;b@example.com",
        "a@example.com b@example.com",
        "<a@example.com>",
        "Andrei <a@example.com>",
        '"a"@example.com@example.org',
        "a@example.com\0",
        "a@example.com\u2028",
        f"{'a' * 250}@example.com",
        "system@sportello.invalid",
    ],
)
def test_b118_only_one_plain_address_is_taken(client: Client, team: Team, address: str) -> None:
    assert ask(client, team, address=address).status_code == 400
    assert not Ticket.objects.exists()


def test_b137_nobody_asks_from_an_address_of_ours(client: Client, team: Team) -> None:
    make_mailbox("support@desk.example", team=team)
    answer = ask(client, team, address="Support+x@desk.example")
    assert answer.status_code == 400
    page = answer.content.decode()
    assert "That is our own address. Enter yours." in page and "Fourteen rooms have no heating." in page
    assert not Ticket.objects.exists()


def test_files_come_along_under_clean_names(client: Client, team: Team) -> None:
    files = [
        SimpleUploadedFile("led.png", b"picture", "image/png"),
        SimpleUploadedFile("../../log\u202etxt.exe", b"words", "text/html"),
    ]
    ask(client, team, attachments=files)
    kept = Ticket.objects.get().messages.get().attachments.all()
    assert [(file.name, read(file.blob)) for file in kept] == [("led.png", b"picture"), ("logtxt.exe", b"words")]


def test_b071_files_over_the_limit_are_refused_and_the_words_kept(
    client: Client, team: Team, settings: LazySettings
) -> None:
    settings.UPLOAD_LIMIT_BYTES = 1024 * 1024
    files = [SimpleUploadedFile(f"{number}.bin", b"x" * 600_000) for number in range(2)]
    answer = ask(client, team, attachments=files)
    page = answer.content.decode()
    assert answer.status_code == 413
    assert "The files are larger than 1 MB in total." in page
    assert "Fourteen rooms have no heating." in page
    assert not Ticket.objects.exists()
    assert ask(client, team, attachments=files[:1]).status_code == 302


def test_b071_words_that_come_after_too_large_files_are_kept(
    client: Client, team: Team, settings: LazySettings
) -> None:
    settings.UPLOAD_LIMIT_BYTES = 1000
    token = token_on(client)
    data = {"attachments": SimpleUploadedFile("1.bin", b"x" * 200_000), **filled(team, token=token)}
    answer = client.post(NEW, data)
    assert answer.status_code == 413
    assert "Fourteen rooms have no heating." in answer.content.decode()


def test_more_than_twenty_files_are_refused(client: Client, team: Team) -> None:
    files = [SimpleUploadedFile(f"{number}.txt", b"x") for number in range(21)]
    answer = ask(client, team, attachments=files)
    assert answer.status_code == 413
    assert "At most 20 files fit in one message." in answer.content.decode()


def test_the_form_states_the_limit(client: Client, team: Team) -> None:
    assert "Up to 20 MB together" in client.get(NEW).content.decode()


def test_b085_the_form_needs_its_csrf_token(team: Team) -> None:
    assert Client(enforce_csrf_checks=True).post(NEW, filled(team)).status_code == 403
    assert not Ticket.objects.exists()


def test_a_team_that_is_not_offered_cannot_be_chosen(client: Client, team: Team) -> None:
    hidden = make_team("Second level", is_offered=False)
    closed = make_team("Closed", is_active=False)
    page = client.get(NEW).content.decode()
    assert "Second level" not in page
    for other in (hidden, closed):
        assert ask(client, team, topic=str(other.pk)).status_code == 400


def test_where_no_team_is_offered_the_page_says_so(client: Client) -> None:
    answer = client.get(NEW)
    assert answer.status_code == 503
    assert "This counter is not open yet" in answer.content.decode()


def test_a_topic_and_words_can_be_brought_along(client: Client, team: Team) -> None:
    make_team("Invoices")
    page = client.get(f"{NEW}?topic={team.pk}&subject=red+light").content.decode()
    assert f'<option value="{team.pk}" selected>' in page
    assert 'value="red light"' in page
