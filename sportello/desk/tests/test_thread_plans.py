"""Does opening a ticket, and answering in it, find its rows by an index among many thousand of others?"""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from sportello.desk.tickets.thread import DeskTicket, lines_of
from sportello.people.models import User
from sportello.people.testing import make_agent
from sportello.tickets.models import Message, Ticket, TimelineEntry
from sportello.tickets.testing import make_reply, make_ticket
from sportello.tickets.tests.test_queue_plans import plan_of

MANY = 20_000
TABLES = ("tickets_message", "tickets_timelineentry")


@pytest.fixture
def thread() -> tuple[Ticket, User]:
    """A ticket of ten messages beside 200 others, which hold 20,000 messages and as many facts between them."""
    ticket = make_ticket()
    agent = make_agent(ticket.team)
    others = [make_ticket(team=ticket.team) for _ in range(200)]
    now = timezone.now()
    written = {"author": agent, "text": "It is set.", "created_at": now}
    messages = (Message(ticket=others[number % 200], **written) for number in range(MANY))
    Message.objects.bulk_create(messages, batch_size=1000)
    told = {"kind": "TicketStarted", "data": {}, "actor": agent, "at": now}
    facts = (TimelineEntry(ticket=others[number % 200], **told) for number in range(MANY))
    TimelineEntry.objects.bulk_create(facts, batch_size=1000)
    for _ in range(9):
        make_reply(ticket, agent)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("analyze tickets_message, tickets_timelineentry, tickets_ticket")
    return ticket, agent


def read_by(act: Callable[[], Any]) -> dict[str, list[str]]:
    """The plans of the statements that read each of the large tables."""
    with CaptureQueriesContext(connection) as captured:
        act()
    found: dict[str, list[str]] = {table: [] for table in TABLES}
    for query in captured.captured_queries:
        for table in TABLES:
            if query["sql"].startswith("SELECT") and f'FROM "{table}"' in query["sql"]:
                found[table].append(plan_of(query["sql"]))
    return found


def walks_through(plan: str, table: str) -> bool:
    """Whether it looks at rows of the table that it was not led to."""
    if not plan.startswith("["):
        return any(line.startswith(f"SCAN {table}") for line in plan.splitlines())
    nodes = [json.loads(plan)[0]["Plan"]]
    while nodes:
        node = nodes.pop()
        if node["Node Type"] == "Seq Scan" and node.get("Relation Name") == table:
            return True
        nodes += node.get("Plans", [])
    return False


@pytest.mark.django_db
def test_a_thread_is_read_by_its_index(thread: tuple[Ticket, User]) -> None:
    ticket, agent = thread

    def open_it() -> None:
        opened = DeskTicket.find(ticket.pk, agent)
        assert opened is not None and len(lines_of(opened, opened.newest)) >= 10
        assert opened.first_reasons == []

    for table, plans in read_by(open_it).items():
        assert plans
        assert not [plan for plan in plans if walks_through(plan, table)]


@pytest.mark.django_db
def test_an_answer_reads_nothing_of_other_tickets(thread: tuple[Ticket, User]) -> None:
    ticket, agent = thread
    for table, plans in read_by(lambda: make_reply(ticket, agent)).items():
        assert not [plan for plan in plans if walks_through(plan, table)]
