"""What goes to the address in a form? One receipt of fixed words, and nothing where a machine may have typed it."""

import pytest
from django.test import Client

from sportello.channels.email.letters import letter_of
from sportello.channels.email.models import Mailbox, OutgoingMail
from sportello.kernel.jobs.testing import run_jobs
from sportello.people.models import Team
from sportello.people.testing import make_customer, make_team
from sportello.portal.tests.asking import ask
from sportello.tickets.models import Ticket

pytestmark = pytest.mark.django_db


@pytest.fixture
def team() -> Team:
    team = make_team("Heating")
    Mailbox.objects.create(address="help@desk.example", name="Alba Termica", team=team)
    return team


def receipts() -> list[str]:
    run_jobs(including_future=True)
    return [letter_of(mail).decode() for mail in OutgoingMail.objects.all()]


def test_b117_a_stranger_gets_one_receipt_with_none_of_the_words_in_the_form(client: Client, team: Team) -> None:
    ask(client, team, name="BUY NOW", subject="CHEAP http://evil.example", body="CLICK http://evil.example")
    (receipt,) = receipts()
    assert f"[#{Ticket.objects.get().pk}]" in receipt
    assert "To: andrei@example.com" in receipt
    assert "/r/" in receipt.replace("=\r\n", "")
    for word in ("BUY", "CHEAP", "CLICK", "evil"):
        assert word not in receipt


def test_b119_what_is_held_gets_no_receipt(client: Client, team: Team) -> None:
    ask(client, team, website="http://spam.example")
    assert receipts() == []
    assert Ticket.objects.count() == 1


def test_whoever_is_signed_in_reads_their_own_words(client: Client, team: Team) -> None:
    client.force_login(make_customer())
    ask(client, team, subject="Thermostats offline")
    (receipt,) = receipts()
    assert "Subject: Re: Thermostats offline" in receipt
