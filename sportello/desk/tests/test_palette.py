"""Does the palette offer what can be done here, and nothing else?"""

import re

import pytest
from django.test import Client

from sportello.people.models import Team, User
from sportello.people.roles import Role
from sportello.people.testing import make_agent, make_customer, make_team
from sportello.tickets.models import Ticket
from sportello.tickets.testing import make_ticket

pytestmark = pytest.mark.django_db


@pytest.fixture
def team() -> Team:
    return make_team("Heating")


@pytest.fixture
def ticket(team: Team) -> Ticket:
    return make_ticket(team=team, subject="The <boiler> is cold", requester=make_customer())


def asked(person: User, *, at: str = "/desk/queue/mine/", q: str = "") -> str:
    browser = Client()
    browser.force_login(person)
    return browser.get("/desk/palette/", {"q": q, "at": at}).content.decode()


def keys(person: User, ticket: Ticket) -> str:
    page = asked(person, at=f"/desk/tickets/{ticket.pk}/?queue=mine")
    return "".join(re.findall(r'data-press="(.)"', page))


LOOKS = "d?"


def test_on_a_ticket_it_offers_what_the_person_may_do_to_it(team: Team, ticket: Ticket) -> None:
    assert keys(make_agent(team), ticket) == "rciasptl" + LOOKS
    assert keys(make_agent(team, role=Role.LIGHT_AGENT), ticket) == "c" + LOOKS
    assert keys(make_agent(make_team()), ticket) == LOOKS


def test_what_is_mine_already_is_not_mine_to_take(team: Team, ticket: Ticket) -> None:
    agent = make_agent(team)
    ticket.assign_to(agent, by=agent)
    assert keys(agent, ticket) == "rcasptl" + LOOKS


def test_what_is_closed_takes_a_note_a_priority_and_a_tag(team: Team, ticket: Ticket) -> None:
    agent = make_agent(team)
    ticket.solve(by=agent)
    ticket.close(by=agent)
    assert keys(agent, ticket) == "cpl" + LOOKS


def test_no_other_page_has_a_ticket_before_it(team: Team, ticket: Ticket) -> None:
    agent = make_agent(team)
    for path in ("/desk/tickets/new/", f"/desk/tickets/{ticket.pk}/history/", "/desk/tickets/" + "9" * 18 + "/"):
        assert "This ticket" not in asked(agent, at=path)


def test_a_ticket_comes_with_its_status_and_the_letters_that_were_typed(team: Team, ticket: Ticket) -> None:
    page = asked(make_agent(team), q="boiler")
    assert f"<span>{ticket.pk} The &lt;<mark>boiler</mark>&gt; is cold</span>" in page
    assert 'data-status="new"' in page


def test_typing_finds_acts_and_the_theme(team: Team, ticket: Ticket) -> None:
    agent = make_agent(team)
    assert "<mark>team</mark>" in asked(agent, at=f"/desk/tickets/{ticket.pk}/", q="team")
    assert 'data-press="d"' in asked(agent, q="dark")
