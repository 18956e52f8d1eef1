"""What looks like a machine, comes twice or too often: is it kept, marked, made one, paced?"""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from sportello.people.models import Team
from sportello.people.testing import make_customer
from sportello.portal.tests.asking import NEW, ask, filled, reasons_of, tags_of, token_on
from sportello.tickets.models import Ticket

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("trap", "why"),
    [({"website": "http://spam.example"}, "trap"), ({"token": ""}, "no-token"), ({"token": "x:y:z"}, "no-token")],
)
def test_b119_what_looks_like_a_machine_is_kept_and_marked(
    client: Client, team: Team, trap: dict[str, str], why: str
) -> None:
    answer = ask(client, team, **trap)
    ticket = Ticket.objects.get()
    assert answer.status_code == 302
    assert tags_of(ticket) == ["check-first"]
    assert reasons_of(ticket) == {"form", "held"}
    assert ticket.messages.get().reasons[-1]["sign"] == why
    assert ticket.timeline.latest("id").cause == {"by": "form guard", "reason": why}
    page = client.get(answer["Location"]).content.decode()
    assert str(ticket.pk) in page
    assert "A mail is on its way" not in page


def test_b119_a_form_sent_at_once_is_marked(client: Client, team: Team) -> None:
    client.post(NEW, filled(team, token=token_on(client)))
    assert tags_of(Ticket.objects.get()) == ["check-first"]


def test_b119_a_token_used_for_other_words_is_marked(client: Client, team: Team) -> None:
    token = token_on(client)
    ask(client, team, token=token)
    ask(client, team, token=token, body="Something else altogether.")
    first, second = Ticket.objects.order_by("pk")
    assert (tags_of(first), tags_of(second)) == ([], ["check-first"])


def test_a_form_that_was_open_overnight_is_fine(client: Client, team: Team) -> None:
    token = token_on(client)
    with time_machine.travel(timezone.now() + timedelta(days=5)):
        client.post(NEW, filled(team, token=token))
    assert tags_of(Ticket.objects.get()) == []


def test_b120_a_double_click_is_one_ticket_with_one_receipt(client: Client, team: Team) -> None:
    token = token_on(client)
    first, second = ask(client, team, token=token), ask(client, team, token=token)
    assert Ticket.objects.count() == 1
    assert [client.get(answer["Location"]).status_code for answer in (first, second)] == [200, 200]
    assert tags_of(Ticket.objects.get()) == []


def test_b120_for_somebody_signed_in_too(client: Client, team: Team) -> None:
    client.force_login(make_customer())
    token = token_on(client)
    answers = [ask(client, team, token=token) for _ in range(3)]
    assert Ticket.objects.count() == 1
    assert {answer["Location"] for answer in answers} == {f"/requests/{Ticket.objects.get().pk}/"}


def test_the_same_words_in_a_new_form_are_a_new_request(client: Client, team: Team) -> None:
    ask(client, team)
    ask(client, team)
    assert Ticket.objects.count() == 2


def test_b117_one_network_and_one_address_are_paced_and_the_words_kept(client: Client, team: Team) -> None:
    answers = [ask(client, team, body=f"Words {number}") for number in range(6)]
    assert [answer.status_code for answer in answers] == [302] * 5 + [429]
    assert "Your text is kept here" in answers[-1].content.decode()
    assert "Words 5" in answers[-1].content.decode()
    assert int(answers[-1]["Retry-After"]) > 0
    others = [ask(client, team, address=f"victim{number}@example.com") for number in range(15)]
    assert [answer.status_code for answer in others][-2:] == [302, 429]


def test_b117_a_flood_from_everywhere_is_kept_and_marked(
    client: Client, team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sportello.portal.guard.MOST_IN_AN_HOUR", 3)
    for number in range(4):
        ask(client, team, address=f"victim{number}@example.com")
    assert [tags_of(ticket) for ticket in Ticket.objects.order_by("pk")] == [[], [], [], ["check-first"]]
