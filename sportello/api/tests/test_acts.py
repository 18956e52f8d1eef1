"""Can a program do to one ticket what the desk and the portal can: copies, phone calls, time, delivery, being late?"""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from sportello.api.tests.conftest import Call, assert_problem, caller
from sportello.api.v1.history import StateOut
from sportello.channels.email.models import Mailbox, OutgoingMail
from sportello.channels.email.testing import make_mailbox
from sportello.people.models import Team, User
from sportello.people.testing import make_agent, make_customer
from sportello.tickets import conversation, replay
from sportello.tickets.conversation import Words
from sportello.tickets.models import Message, Ticket
from sportello.tickets.testing import make_reply


@pytest.fixture
def mailbox(team: Team) -> Mailbox:
    return make_mailbox(team=team)


def test_people_are_put_into_copy_and_taken_out(as_agent: Call, ticket: Ticket) -> None:
    path = f"/tickets/{ticket.pk}/participants"
    added = as_agent("POST", path, address="Caretaker@Hotel.example", name="Ion").json()
    assert (added["address"], added["name"]) == ("caretaker@hotel.example", "Ion")
    assert [person["id"] for person in as_agent("GET", path).json()] == [added["id"]]
    assert as_agent("GET", f"/tickets/{ticket.pk}").json()["participant_ids"] == [added["id"]]
    assert as_agent("DELETE", f"{path}/{added['id']}").status_code == 204
    assert_problem(as_agent("DELETE", f"{path}/{added['id']}"), 404)
    assert_problem(as_agent("POST", path, address="nobody"), 422)


def test_a_requester_is_named_by_address(as_agent: Call, ticket: Ticket) -> None:
    changed = as_agent("PATCH", f"/tickets/{ticket.pk}", requester="owner@hotel.example").json()
    assert changed["requester"]["address"] == "owner@hotel.example"


def test_a_phone_call_becomes_a_ticket_with_a_note_in_the_callers_language(as_agent: Call, agent: User) -> None:
    User.objects.filter(pk=agent.pk).update(language="it")
    given = {"subject": "Cold", "text": "Fourteen rooms.", "requester": "new@hotel.example"}
    ticket = as_agent("POST", "/tickets", **given, channel="phone", note="Sounded cross.").json()
    assert (ticket["channel"], ticket["requester"]["language"]) == ("phone", "it")
    thread = as_agent("GET", f"/tickets/{ticket['number']}/messages").json()["items"]
    assert [(message["kind"], message["text"]) for message in thread] == [
        ("note", "Sounded cross."),
        ("public", "Fourteen rooms."),
    ]


def test_a_customer_enters_no_phone_calls_and_no_notes(as_customer: Call, team: Team) -> None:
    for given in ({"channel": "phone"}, {"note": "Psst."}):
        assert_problem(as_customer("POST", "/tickets", subject="S", text="T", **given), 403)
    assert not Ticket.objects.exists()


def test_a_customer_says_that_it_is_solved(as_customer: Call, ticket: Ticket) -> None:
    assert as_customer("POST", f"/tickets/{ticket.pk}/solution").json()["status"] == "solved"
    assert_problem(as_customer("POST", f"/tickets/{ticket.pk}/reopening"), 403)


def test_a_stranger_solves_nothing(ticket: Ticket) -> None:
    assert_problem(caller(make_customer())("POST", f"/tickets/{ticket.pk}/solution"), 404)


def test_who_was_late_is_told_who_wrote_and_sends_again(as_agent: Call, agent: User, ticket: Ticket) -> None:
    path = f"/tickets/{ticket.pk}/messages"
    seen = Message.objects.get().pk
    make_reply(ticket, agent, "My own words are no surprise.")
    answer = conversation.receive(ticket, Words(text="Solved itself."), by=ticket.requester, channel="portal")
    refused = assert_problem(as_agent("POST", path, text="Coming.", seen=seen), 409)
    assert str(ticket.requester) in refused["detail"]
    assert not Message.objects.filter(text="Coming.").exists()
    assert as_agent("POST", path, text="Coming.", seen=answer.pk).status_code == 201
    assert as_agent("POST", path, text="Anyway.").status_code == 201


def test_a_ticket_as_it_was(as_agent: Call, agent: User, ticket: Ticket) -> None:
    opened = timezone.now()
    with time_machine.travel(opened + timedelta(hours=2), tick=False):
        ticket.prioritise(4, by=agent)
        ticket.tag(by=agent, add=["heat"])
    state, hour = f"/tickets/{ticket.pk}/state?at=", timedelta(hours=1)
    with time_machine.travel(opened + 4 * hour, tick=False):
        then, later = (
            as_agent("GET", state + (opened + number * hour).strftime("%Y-%m-%dT%H:%M:%SZ")).json() for number in (1, 3)
        )
    assert (then["priority"], then["tags"], then["status"]) == (2, [], "new")
    assert (later["priority"], later["tags"]) == (4, ["heat"])
    assert_problem(as_agent("GET", f"{state}2001-01-01T00:00:00Z"), 404)
    for nonsense in ("tuesday", "2026-11-01T10:00:00", "0001-01-01T00:00:00Z"):
        assert_problem(as_agent("GET", state + nonsense), 422)


def test_whatever_facts_set_is_in_that_answer_but_what_follows_from_messages(ticket: Ticket) -> None:
    from_messages = {"active", "excerpt", "last_message_at", "last_customer_at"}
    assert set(StateOut.model_fields) == set(replay.as_it_is(ticket)) - from_messages


def test_the_timeline_is_walked_by_cursor(as_agent: Call, agent: User, ticket: Ticket) -> None:
    for number in range(5):
        ticket.rename(f"Subject {number}", by=agent)
    path, facts, cursor = f"/tickets/{ticket.pk}/timeline?limit=3", [], ""
    while cursor is not None:
        page = as_agent("GET", f"{path}&cursor={cursor}").json()
        facts += page["items"]
        cursor = page["next"]
    assert [fact["id"] for fact in facts] == sorted((fact["id"] for fact in facts), reverse=True)
    assert facts[0]["data"]["subject"] == "Subject 4"
    assert facts[-1]["kind"] == "TicketOpened"


def test_a_mail_that_failed_is_sent_again(as_agent: Call, agent: User, ticket: Ticket, mailbox: Mailbox) -> None:
    message = make_reply(ticket, agent)
    path = f"/messages/{message.pk}/delivery"
    assert as_agent("GET", path).json()["state"] == "queued"
    assert_problem(as_agent("POST", path), 404)
    OutgoingMail.objects.filter(message=message).update(state="failed", last_answer="550 no such user")
    assert as_agent("GET", path).json()["detail"] == "550 no such user"
    assert as_agent("POST", path).json()["state"] == "queued"


def test_a_note_travels_by_no_mail(as_agent: Call, team: Team, ticket: Ticket) -> None:
    note = conversation.note(ticket, Words(text="Odd."), by=make_agent(team))
    assert_problem(as_agent("GET", f"/messages/{note.pk}/delivery"), 404)
