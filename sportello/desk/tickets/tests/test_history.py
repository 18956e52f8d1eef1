"""What does the history of a ticket tell, and what was the ticket at a moment in the past?"""

import re

import pytest
import time_machine
from django.test import Client

from sportello.desk.tickets.history import _labels
from sportello.people.models import Team, User
from sportello.people.testing import make_agent, make_team
from sportello.tickets import replay
from sportello.tickets.models import Ticket
from sportello.tickets.testing import make_ticket
from tests.queries import assert_constant_queries

NOT_SHOWN = {
    "active",
    "excerpt",
    "created_at",
    "updated_at",
    "last_message_at",
    "last_customer_at",
}  # follow from facts


@pytest.fixture
def old(team: Team, agent: User) -> Ticket:
    """Opened on Monday, changed on Tuesday."""
    with time_machine.travel("2026-11-16T10:00:00Z", tick=False):
        ticket = make_ticket(team=team, subject="No heating")
        ticket.tag(by=agent, add=["heating"])
    with time_machine.travel("2026-11-17T10:00:00Z", tick=False):
        ticket.prioritise(4, by=agent)
        ticket.wait(by=agent)
        ticket.tag(by=agent, add=["gateway"])
    return ticket


def history(desk: Client, ticket: Ticket, query: str = "", status: int = 200) -> str:
    response = desk.get(f"/desk/tickets/{ticket.pk}/history/{query}")
    assert response.status_code == status
    return response.content.decode()


def row(page: str, name: str) -> list[str]:
    """Then and now, without markup."""
    line = next(line for line in re.findall(r"<tr>.*?</tr>", page, re.DOTALL) if f">{name}<" in line)
    return [re.sub(r"<.*?>", "", cell) for cell in re.findall(r"<td>(.*?)</td>", line, re.DOTALL)]


def test_every_fact_is_told_the_newest_first(desk: Client, old: Ticket) -> None:
    page = history(desk, old)
    told = ["added the tag gateway", "set the status to Waiting", "set the priority to Urgent", "opened the ticket"]
    places = [page.index(sentence) for sentence in told]
    assert places == sorted(places)


def test_it_is_shown_as_it_was_beside_how_it_is(desk: Client, old: Ticket) -> None:
    page = history(desk, old, "?at=2026-11-16T12:00:00Z")
    assert row(page, "Status") == ["New", "Waiting for customer"]
    assert row(page, "Priority") == ["Normal", "Urgent"]
    assert row(page, "Tags") == ["heating", "gateway, heating"]
    assert row(page, "Team") == ["Technical", "Technical"]


def test_whatever_facts_set_has_a_row_or_is_left_out_knowingly(old: Ticket) -> None:
    assert set(_labels()) == set(replay.as_it_is(old)) - NOT_SHOWN


def test_a_moment_without_zone_is_the_readers(desk: Client, agent: User, old: Ticket) -> None:
    User.objects.filter(pk=agent.pk).update(time_zone="Pacific/Auckland")  # 13 hours ahead in November
    assert "was not there yet" in history(desk, old, "?at=2026-11-16T22:00")
    assert row(history(desk, old, "?at=2026-11-17T00:00"), "Status")[0] == "New"


def test_before_it_was_opened_there_is_nothing(desk: Client, old: Ticket) -> None:
    assert "The ticket was not there yet." in history(desk, old, "?at=2020-01-01T00:00")


def test_now_nothing_differs(desk: Client, old: Ticket) -> None:
    assert "Nothing has changed since." in history(desk, old, "?at=2026-11-18T00:00")


@pytest.mark.parametrize(
    "at", ["nonsense", "2026-13-45T00:00", "0000-00-00T00:00", "9" * 400, "2026-11-17T25:61", "%00"]
)
def test_what_is_no_moment_is_said_so(desk: Client, old: Ticket, at: str) -> None:
    assert "Write the date like" in history(desk, old, f"?at={at}", status=422)


def test_a_long_history_comes_in_stretches_at_one_cost(desk: Client, old: Ticket, team: Team) -> None:
    davide = make_agent(team, name="Davide Conti")

    def change() -> None:
        old.assign_to(davide, by=davide)
        old.assign_to(None, by=davide)

    assert_constant_queries(lambda: history(desk, old), change)


def test_what_stands_before_an_entry_is_read_on(desk: Client, old: Ticket) -> None:
    last = old.timeline.last()
    assert last is not None
    page = history(desk, old, f"?before={last.pk}")
    assert "added the tag gateway" not in page and "opened the ticket" in page


def test_it_says_who_lost_a_ticket_and_by_whom(desk: Client, old: Ticket, team: Team) -> None:
    davide, sara = make_agent(team, name="Davide Conti"), make_agent(team, name="Sara Colombo")
    old.assign_to(davide, by=davide)
    old.move_to(make_team(), by=sara)
    old.move_to(team, by=sara)
    old.assign_to(davide, by=sara)
    old.assign_to(None, by=davide)
    page = history(desk, old)
    assert "Sara Colombo took it from Davide Conti" in page and "by handing it to the other team" in page
    assert "Davide Conti gave the ticket up" in page
