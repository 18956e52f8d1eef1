"""Can a program speak on a ticket, and does it hear only what its person may?"""

import base64

import pytest

from sportello.api.tests.conftest import Call, assert_problem, caller
from sportello.channels.email.models import OutgoingMail
from sportello.channels.email.testing import make_mailbox
from sportello.people.models import Team, User
from sportello.people.roles import Role
from sportello.people.testing import make_agent, make_customer
from sportello.tickets.models import Ticket
from sportello.tickets.testing import make_note, make_reply
from tests.queries import assert_constant_queries

TEXT = base64.b64encode(b"42 degrees").decode()


def test_an_agent_answers_and_the_status_goes_on(as_agent: Call, agent: User, ticket: Ticket) -> None:
    response = as_agent("POST", f"/tickets/{ticket.pk}/messages", text="On it.", then="waiting")
    assert response.status_code == 201
    message = response.json()
    assert (message["kind"], message["text"], message["incoming"]) == ("public", "On it.", False)
    ticket.refresh_from_db()
    assert (ticket.status, ticket.assignee) == ("waiting", agent)


@pytest.mark.parametrize("then", ["new", "closed", "purple"])
def test_an_answer_leads_to_no_status_that_answers_cannot_make(as_agent: Call, ticket: Ticket, then: str) -> None:
    assert_problem(as_agent("POST", f"/tickets/{ticket.pk}/messages", text="On it.", then=then), 422)


def test_a_light_agent_notes_but_does_not_answer(team: Team, ticket: Ticket) -> None:
    call = caller(make_agent(team, role=Role.LIGHT_AGENT))
    path = f"/tickets/{ticket.pk}/messages"
    assert call("POST", path, text="Odd.", kind="note").status_code == 201
    assert_problem(call("POST", path, text="On it."), 403)


@pytest.mark.parametrize(
    "named",
    [
        {"then": "on_hold"},
        {"solution": "Restarted."},
        {"to": ["victim@x.example"]},
        {"cc": ["victim@x.example"]},
        {"undo_seconds": 10},
        {"seen": 1},
        {"kind": "note"},
    ],
)
def test_a_customer_is_refused_what_only_the_desk_can_say(
    as_customer: Call, ticket: Ticket, named: dict[str, object]
) -> None:
    path = f"/tickets/{ticket.pk}/messages"
    assert_problem(as_customer("POST", path, text="Still cold.", **named), 403)
    assert ticket.messages.count() == 1
    nothing: dict[str, object] = {
        "then": None,
        "solution": "",
        "to": None,
        "cc": [],
        "undo_seconds": 0,
        "seen": None,
        "kind": "public",
    }
    assert as_customer("POST", path, text="Still cold.", **nothing).status_code == 201


def test_a_customer_never_sees_notes_nor_what_can_be_taken_back(as_customer: Call, agent: User, ticket: Ticket) -> None:
    note = make_note(ticket, agent)
    held = make_reply(ticket, agent, "Held words.", undo_seconds=60)
    answer = make_reply(ticket, agent, "Sent words.")
    thread = as_customer("GET", f"/tickets/{ticket.pk}/messages").json()["items"]
    assert {message["kind"] for message in thread} == {"public"}
    assert answer.pk in [message["id"] for message in thread]
    for hidden in (note, held):
        assert hidden.pk not in [message["id"] for message in thread]
        assert_problem(as_customer("GET", f"/messages/{hidden.pk}"), 404)


def test_customers_see_first_names_and_no_addresses_of_who_works_at_the_desk(
    as_customer: Call, as_agent: Call, customer: User, agent: User, ticket: Ticket
) -> None:
    answer = make_reply(ticket, agent, "Sent words.")
    author = as_customer("GET", f"/messages/{answer.pk}").json()["author"]
    assert (author["id"], author["name"], author["address"], author["time_zone"]) == (agent.pk, "Marta", "", "")
    author = as_agent("GET", f"/messages/{answer.pk}").json()["author"]
    assert (author["name"], author["address"]) == (agent.name, agent.address)
    assert as_customer("GET", "/me").json()["address"] == customer.address
    assert as_agent("GET", "/me").json()["name"] == agent.name


def test_how_a_message_found_its_ticket_is_told_to_the_desk_alone(
    as_customer: Call, as_agent: Call, ticket: Ticket
) -> None:
    make_mailbox()
    first = ticket.messages.get()
    first.reasons = [{"code": "stranger", "text": "It names another ticket", "ticket": 7}]
    first.save(update_fields=["reasons"])
    assert as_customer("GET", f"/messages/{first.pk}").json()["reasons"] == []
    assert as_agent("GET", f"/messages/{first.pk}").json()["reasons"] == first.reasons


def test_a_customer_cannot_write_notes(as_customer: Call, ticket: Ticket) -> None:
    assert_problem(as_customer("POST", f"/tickets/{ticket.pk}/messages", text="Odd.", kind="note"), 403)


def test_a_message_of_the_system_is_no_choice(as_agent: Call, ticket: Ticket) -> None:
    refused = assert_problem(as_agent("POST", f"/tickets/{ticket.pk}/messages", text="Odd.", kind="system"), 422)
    assert [error["field"] for error in refused["errors"]] == ["kind"]


def test_a_customer_answers_what_they_follow_and_nothing_else(as_customer: Call, ticket: Ticket) -> None:
    path = f"/tickets/{ticket.pk}/messages"
    assert as_customer("POST", path, text="Still cold.").json()["incoming"] is True
    assert_problem(caller(make_customer())("POST", path, text="Me too."), 404)


def test_an_answer_after_the_window_is_a_linked_new_ticket(as_customer: Call, agent: User, ticket: Ticket) -> None:
    ticket.solve(by=agent)
    ticket.close(by=agent)
    answer = as_customer("POST", f"/tickets/{ticket.pk}/messages", text="Cold again.").json()
    assert answer["ticket"] != ticket.pk
    assert as_customer("GET", f"/tickets/{answer['ticket']}").json()["follow_up_of"] == ticket.pk


def test_an_agent_cannot_answer_a_closed_ticket(as_agent: Call, agent: User, ticket: Ticket) -> None:
    ticket.solve(by=agent)
    ticket.close(by=agent)
    assert_problem(as_agent("POST", f"/tickets/{ticket.pk}/messages", text="On it."), 403)


def test_a_held_answer_is_taken_back_once(as_agent: Call, agent: User, ticket: Ticket) -> None:
    held = make_reply(ticket, agent, undo_seconds=60)
    assert as_agent("POST", f"/messages/{held.pk}/withdrawal").json()["withdrawn_at"]
    assert_problem(as_agent("POST", f"/messages/{held.pk}/withdrawal"), 409)


def test_files_come_back_byte_for_byte_and_only_as_downloads(as_agent: Call, as_customer: Call, ticket: Ticket) -> None:
    file = {"name": "../<b>meter.html", "content_type": "text/html", "content": TEXT}
    (kept,) = as_agent("POST", f"/tickets/{ticket.pk}/messages", text="See.", files=[file]).json()["attachments"]
    assert kept["size"] == len(b"42 degrees")
    assert "/" not in kept["name"]
    response = as_customer("GET", kept["url"].removeprefix("/api/v1"))
    assert b"".join(response.streaming_content) == b"42 degrees"
    assert response["Content-Type"] == "application/octet-stream"
    assert response["Content-Disposition"].startswith("attachment")
    assert_problem(caller(make_customer())("GET", kept["url"].removeprefix("/api/v1")), 404)


def test_a_file_that_is_no_base64_is_refused_with_its_name(as_agent: Call, ticket: Ticket) -> None:
    file = {"name": "meter.txt", "content": "*"}
    said = assert_problem(as_agent("POST", f"/tickets/{ticket.pk}/messages", text="See.", files=[file]), 422)
    assert "meter.txt" in said["detail"]


def test_an_address_that_is_none_is_refused(as_agent: Call, ticket: Ticket) -> None:
    assert_problem(as_agent("POST", f"/tickets/{ticket.pk}/messages", text="See.", cc=["nobody"]), 422)


def test_who_is_in_copy_takes_part_and_our_own_address_does_not(as_agent: Call, team: Team, ticket: Ticket) -> None:
    make_mailbox("support@desk.example", team=team)
    copied = ["caretaker@hotel.example", "support+anything@desk.example"]
    assert as_agent("POST", f"/tickets/{ticket.pk}/messages", text="On it.", cc=copied).status_code == 201
    assert [person.address for person in ticket.participants.all()] == ["caretaker@hotel.example"]
    (mail,) = OutgoingMail.objects.all()
    assert (mail.to, mail.cc) == ([ticket.requester.address], ["caretaker@hotel.example"])
    shown = as_agent("GET", f"/tickets/{ticket.pk}").json()
    assert shown["participant_ids"] == [ticket.participants.get().pk]


def test_the_thread_costs_the_same_with_many_messages(as_agent: Call, agent: User, ticket: Ticket) -> None:
    assert_constant_queries(
        lambda: as_agent("GET", f"/tickets/{ticket.pk}/messages"), lambda: make_reply(ticket, agent), at_most=14
    )
