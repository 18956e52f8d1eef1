"""What can be done to a ticket from its page, by whom, and what is answered to nonsense?"""

import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from sportello.channels.email.models import OutgoingMail
from sportello.channels.email.testing import make_mailbox
from sportello.desk.conftest import browser_of
from sportello.people.models import Team, User
from sportello.people.roles import Role
from sportello.people.testing import make_agent, make_customer, make_team
from sportello.tickets.models import Ticket, TicketSeen

HX = {"HX-Request": "true"}


def does(client: Client, ticket: Ticket, act: str, **data: Any) -> HttpResponse:
    response: Any = client.post(f"/desk/tickets/{ticket.pk}/{act}/", data)
    ticket.refresh_from_db()
    assert isinstance(response, HttpResponse)
    return response


def test_solving_says_how_and_takes_the_ticket(desk: Client, agent: User, ticket: Ticket) -> None:
    response = does(desk, ticket, "solution", note="Changed the pump.")
    assert response.status_code == 302 and response["Location"] == f"/desk/tickets/{ticket.pk}/"
    assert ticket.status == "solved" and ticket.assignee == agent
    solved = ticket.timeline.get(kind="TicketSolved")
    assert solved.data["note"] == "Changed the pump." and solved.actor == agent


@pytest.mark.parametrize("status", ["open", "waiting", "on_hold", "solved"])
def test_the_status_is_set(desk: Client, ticket: Ticket, status: str) -> None:
    does(desk, ticket, "status", status=status)
    assert ticket.status == status


@pytest.mark.parametrize("status", ["", "new", "closed", "nonsense"])
def test_a_status_that_nobody_sets_is_refused(desk: Client, ticket: Ticket, status: str) -> None:
    assert does(desk, ticket, "status", status=status).status_code == 422
    assert ticket.status == "new"


def test_a_closed_ticket_cannot_be_opened_again(desk: Client, agent: User, ticket: Ticket) -> None:
    ticket.solve(by=agent)
    ticket.close(by=agent)
    response = does(desk, ticket, "status", status="open")
    assert response.status_code == 409 and "cannot become Open" in response.content.decode()
    assert ticket.status == "closed"


def test_a_refusal_reaches_the_screen_as_a_sentence(desk: Client, agent: User, ticket: Ticket) -> None:
    ticket.solve(by=agent)
    ticket.close(by=agent)
    response = desk.post(f"/desk/tickets/{ticket.pk}/status/", {"status": "open"}, headers=HX)
    assert response.status_code == 409 and response["Content-Type"].startswith("text/plain")
    assert "This ticket is Closed and cannot become Open." in response.content.decode()


def test_an_act_on_the_screen_brings_the_header_and_tells_the_other_parts(desk: Client, ticket: Ticket) -> None:
    response = desk.post(f"/desk/tickets/{ticket.pk}/priority/", {"priority": "4"}, headers=HX)
    page = response.content.decode()
    assert 'id="header"' in page and "Urgent" in page
    assert response["HX-Trigger"] == "ticket-changed"


def test_whoever_acts_has_seen_it(desk: Client, agent: User, ticket: Ticket) -> None:
    does(desk, ticket, "priority", priority="4")
    assert TicketSeen.objects.filter(ticket=ticket, user=agent).exists()


def test_it_is_assigned_and_let_go(desk: Client, ticket: Ticket, team: Team) -> None:
    davide = make_agent(team, name="Davide Conti")
    choices = desk.get(f"/desk/tickets/{ticket.pk}/assignment/", headers=HX).content.decode()
    assert "Davide Conti" in choices and "<html" not in choices
    does(desk, ticket, "assignment", assignee=davide.pk)
    assert ticket.assignee == davide and ticket.status == "open"
    does(desk, ticket, "assignment", assignee="")
    assert ticket.assignee is None


def test_the_choices_are_a_page_without_script(desk: Client, ticket: Ticket) -> None:
    for act in ("assignment", "team"):
        assert "<html" in desk.get(f"/desk/tickets/{ticket.pk}/{act}/").content.decode()


def test_nobody_gets_what_they_may_not_answer(desk: Client, ticket: Ticket, team: Team) -> None:
    light = make_agent(team, role=Role.LIGHT_AGENT)
    for nobody in (light, make_agent(make_team())):
        refused = does(desk, ticket, "assignment", assignee=nobody.pk)
        assert refused.status_code == 422 and f"{nobody.name} does not answer in" in refused.content.decode()
    for nobody in (make_customer(), User.objects.system()):
        assert does(desk, ticket, "assignment", assignee=nobody.pk).status_code == 404
    assert ticket.assignee is None


def test_a_ticket_that_leaves_ones_sight_leads_back_to_the_queue(desk: Client, ticket: Ticket) -> None:
    billing = make_team("Billing")
    assert does(desk, ticket, "team", team=billing.pk)["Location"] == "/desk/"
    assert ticket.team == billing


def test_on_the_screen_it_leads_back_too(desk: Client, ticket: Ticket) -> None:
    response = desk.post(f"/desk/tickets/{ticket.pk}/team/", {"team": make_team().pk}, headers=HX)
    assert response["HX-Redirect"] == "/desk/"


@pytest.mark.parametrize("wanted", ["", "0", "nonsense", "9" * 30, "-1"])
def test_there_is_no_such_team(desk: Client, ticket: Ticket, wanted: str) -> None:
    assert does(desk, ticket, "team", team=wanted).status_code == 404


@pytest.mark.parametrize("priority", ["", "0", "5", "high", "²", "9" * 30])
def test_there_is_no_such_priority(desk: Client, ticket: Ticket, priority: str) -> None:
    assert does(desk, ticket, "priority", priority=priority).status_code == 422
    assert ticket.priority == 2


def test_priority_type_and_subject_are_set(desk: Client, ticket: Ticket) -> None:
    does(desk, ticket, "priority", priority="3")
    does(desk, ticket, "type", type="incident")
    does(desk, ticket, "subject", subject="  No heating\r\non two floors ")
    assert (ticket.priority, ticket.type, ticket.subject) == (3, "incident", "No heating on two floors")


def test_nonsense_for_type_and_subject_is_refused(desk: Client, ticket: Ticket) -> None:
    assert does(desk, ticket, "type", type="nonsense").status_code == 422
    assert does(desk, ticket, "subject", subject=" \n ").status_code == 422


def test_tags_are_put_on_and_taken_off(desk: Client, ticket: Ticket) -> None:
    does(desk, ticket, "tags", add="VPN access")
    assert [tag.name for tag in ticket.tags.all()] == ["vpn-access"]
    assert 'value="vpn-access"' in desk.get("/desk/tickets/new/tags/?add=vp").content.decode()
    does(desk, ticket, "tags", remove="vpn-access")
    assert not ticket.tags.exists()


def test_somebody_is_put_in_copy_and_taken_out(desk: Client, ticket: Ticket) -> None:
    does(desk, ticket, "participants", address=" Reception@Hotel-Carpatica.example ")
    person = ticket.participants.get()
    assert person.address == "reception@hotel-carpatica.example" and person.role == Role.CUSTOMER
    does(desk, ticket, "participants", remove=person.pk)
    assert not ticket.participants.exists()


@pytest.mark.parametrize("address", ["", "nobody", "a@b@c", "x@example.com\r\nBcc: y@example.com", "@", "a" * 400])
def test_what_is_no_address_is_refused(desk: Client, ticket: Ticket, address: str) -> None:
    assert does(desk, ticket, "participants", address=address).status_code == 422
    assert does(desk, ticket, "requester", address=address).status_code == 422
    assert not ticket.participants.exists()


def test_only_who_is_in_copy_can_be_taken_out(desk: Client, ticket: Ticket) -> None:
    assert does(desk, ticket, "participants", remove=make_customer().pk).status_code == 404


def test_the_requester_is_changed(desk: Client, ticket: Ticket) -> None:
    somebody = make_customer("elena@clinica.example")
    does(desk, ticket, "requester", address="elena@clinica.example")
    assert ticket.requester == somebody


ACTS = [
    ("solution", {}),
    ("status", {"status": "waiting"}),
    ("assignment", {"assignee": ""}),
    ("priority", {"priority": "4"}),
    ("type", {"type": "incident"}),
    ("subject", {"subject": "New"}),
    ("tags", {"add": "heat"}),
    ("participants", {"address": "x@example.com"}),
    ("requester", {"address": "x@example.com"}),
]


@pytest.mark.parametrize(("act", "data"), ACTS)
def test_a_light_agent_only_reads_and_notes(ticket: Ticket, team: Team, act: str, data: dict[str, str]) -> None:
    light = browser_of(make_agent(team, role=Role.LIGHT_AGENT))
    before = ticket.timeline.count()
    assert does(light, ticket, act, **data).status_code == 403
    assert ticket.timeline.count() == before


@pytest.mark.parametrize(("act", "data"), ACTS)
def test_nobody_acts_on_what_they_do_not_see(ticket: Ticket, act: str, data: dict[str, str]) -> None:
    elsewhere = browser_of(make_agent(make_team()))
    assert does(elsewhere, ticket, act, **data).status_code == 404


@pytest.mark.parametrize("act", [name for name, _data in ACTS if name != "assignment"])
def test_looking_does_not_act(desk: Client, ticket: Ticket, act: str) -> None:
    assert desk.get(f"/desk/tickets/{ticket.pk}/{act}/").status_code == 405
    assert ticket.timeline.count() == 2


def test_an_act_needs_the_token_of_the_page(agent: User, ticket: Ticket) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(agent)
    assert does(client, ticket, "status", status="waiting").status_code == 403


def test_solving_can_be_undone_before_the_customer_hears_of_it(desk: Client, ticket: Ticket) -> None:
    make_mailbox(team=ticket.team)
    page = desk.post(f"/desk/tickets/{ticket.pk}/solution/", {"note": "Bled."}, follow=True).content.decode()
    assert f"{ticket.pk} is solved" in page and f"/desk/tickets/{ticket.pk}/solution/withdrawal/" in page
    assert desk.post(f"/desk/tickets/{ticket.pk}/solution/withdrawal/").status_code == 302
    ticket.refresh_from_db()
    assert ticket.status == "new"
    assert OutgoingMail.objects.get(purpose="solved").state == "cancelled"
    assert desk.post(f"/desk/tickets/{ticket.pk}/solution/withdrawal/").status_code == 409


def test_the_status_menu_solves_as_gently_as_the_button(desk: Client, ticket: Ticket) -> None:
    page = desk.post(f"/desk/tickets/{ticket.pk}/status/", {"status": "solved"}, follow=True).content.decode()
    assert f"/desk/tickets/{ticket.pk}/solution/withdrawal/" in page


def test_whoever_is_in_copy_reads_how_it_was_solved(desk: Client, agent: User, ticket: Ticket) -> None:
    make_mailbox(team=ticket.team)
    ticket.add_participant(make_customer("caretaker@hotel.example"), by=agent)
    desk.post(f"/desk/tickets/{ticket.pk}/solution/", {"note": "Bled."})
    assert OutgoingMail.objects.get(purpose="solved").cc == ["caretaker@hotel.example"]


@pytest.mark.parametrize("act", ["participants", "requester"])
def test_b137_an_address_of_ours_neither_asks_nor_takes_part(desk: Client, ticket: Ticket, act: str) -> None:
    make_mailbox("support@desk.example")
    before = ticket.requester
    response = does(desk, ticket, act, address="Support+x@desk.example")
    assert response.status_code == 422 and "That is one of our own addresses." in response.content.decode()
    assert ticket.requester == before and not ticket.participants.exists()


def test_a_tag_is_at_most_fifty_characters_long(desk: Client, ticket: Ticket) -> None:
    response = does(desk, ticket, "tags", add="x" * 51)
    assert response.status_code == 422 and "A tag has at most 50 characters." in response.content.decode()
    does(desk, ticket, "tags", add="x" * 50)
    assert ticket.tag_names == ["x" * 50]


def test_the_thread_says_how_far_the_mail_with_the_solution_is(desk: Client, ticket: Ticket) -> None:
    make_mailbox(team=ticket.team)
    desk.post(f"/desk/tickets/{ticket.pk}/solution/", {"note": "Bled."})
    mail = OutgoingMail.objects.get(purpose="solved")
    for state, label in (
        ("queued", "Queued"),
        ("sent", "Sent"),
        ("failed", "Not delivered"),
        ("cancelled", "Taken back"),
    ):
        OutgoingMail.objects.filter(pk=mail.pk).update(state=state)
        page = desk.get(f"/desk/tickets/{ticket.pk}/").content.decode()
        told = page[page.index("solved it: Bled.") :].partition("</li>")[0]
        assert f'title="{ticket.requester.address}">{label}<' in told


def test_each_of_two_solutions_has_its_own_mail_however_slow_the_writing_was(desk: Client, ticket: Ticket) -> None:
    make_mailbox(team=ticket.team)
    for note in ("Bled.", "Valve replaced."):
        desk.post(f"/desk/tickets/{ticket.pk}/status/", {"status": "open"})
        desk.post(f"/desk/tickets/{ticket.pk}/solution/", {"note": note})
    first, second = OutgoingMail.objects.filter(purpose="solved").order_by("id")
    OutgoingMail.objects.filter(pk=first.pk).update(state="sent")
    OutgoingMail.objects.filter(pk=second.pk).update(created_at=second.created_at + timedelta(seconds=3))
    page = desk.get(f"/desk/tickets/{ticket.pk}/").content.decode()
    for note, mail, label in (("Bled.", first, "Sent"), ("Valve replaced.", second, "Queued")):
        told = page[page.index(f"solved it: {note}") :].partition("</li>")[0]
        assert f'id="notice-{mail.pk}" title="{ticket.requester.address}">{label}<' in told


def test_an_open_screen_hears_how_far_the_mail_with_the_solution_is(desk: Client, ticket: Ticket) -> None:
    make_mailbox(team=ticket.team)
    desk.post(f"/desk/tickets/{ticket.pk}/solution/", {"note": "Bled."})
    mail = OutgoingMail.objects.get(purpose="solved")
    page = desk.get(f"/desk/tickets/{ticket.pk}/").content.decode()
    asks = unescape(re.findall(r'hx-get="([^"]*deliveries=[^"]*)"', page)[0])
    assert desk.get(asks, headers={"HX-Request": "true"}).status_code == 204
    OutgoingMail.objects.filter(pk=mail.pk).update(state="sent")
    told = desk.get(asks, headers={"HX-Request": "true"}).content.decode()
    assert f'id="notice-{mail.pk}" title="{ticket.requester.address}" hx-swap-oob="true">Sent<' in told


def test_how_it_was_solved_comes_back_with_undo(desk: Client, ticket: Ticket) -> None:
    desk.post(f"/desk/tickets/{ticket.pk}/solution/", {"note": "Bled & <closed>."})
    header = desk.post(
        f"/desk/tickets/{ticket.pk}/solution/withdrawal/", headers={"HX-Request": "true"}
    ).content.decode()
    assert ">Bled &amp; &lt;closed&gt;.</textarea>" in header


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true", "HX-Current-URL": "http://testserver/desk/queue/all/"}])
def test_how_it_was_solved_comes_back_also_from_another_page(
    desk: Client, ticket: Ticket, headers: dict[str, str]
) -> None:
    desk.post(f"/desk/tickets/{ticket.pk}/solution/", {"note": "Bled & closed."})
    undo = f"/desk/tickets/{ticket.pk}/solution/withdrawal/"
    queue = desk.get("/desk/queue/all/").content.decode()
    assert f"{ticket.pk} is solved" in queue and undo in queue
    answer = desk.post(undo, headers=headers)
    where = answer["HX-Redirect" if headers else "Location"]
    assert where == f"/desk/tickets/{ticket.pk}/?again=solution"
    assert ">Bled &amp; closed.</textarea>" in desk.get(where).content.decode()
    desk.post(f"/desk/tickets/{ticket.pk}/solution/", {"note": "Changed the pump."})
    assert "</textarea>" not in desk.get(where).content.decode().partition('id="composer"')[0]
