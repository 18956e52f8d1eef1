"""Does each list walk an index, at 20,000 tickets, on the database at hand? No functional test would see it if not."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import product
from random import Random
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from sportello.people.models import Team, User
from sportello.people.models.team import join_team
from sportello.people.testing import make_administrator, make_agent, make_customer
from sportello.tickets import queues
from sportello.tickets.finding import find_tickets
from sportello.tickets.models import SavedView, Ticket
from sportello.tickets.paging import ORDERS
from sportello.tickets.words import ACTIVE, Status

MANY = 20_000
ACTIVE_SHARE = 0.1
MOST_SORTED = 1_000  # a person's own, or one small team
BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)
TABLE = '"tickets_ticket"'


@pytest.fixture
def desk() -> tuple[User, User]:
    """An agent of four of eight teams and an administrator, before 20,000 tickets."""
    teams = [Team.objects.create(name=f"Team {number}") for number in range(8)]
    agent, administrator = make_agent(*teams[:4]), make_administrator()
    others = [make_agent(team) for team in teams for _ in range(3)]
    for other in others[:6]:
        join_team(other, teams[7])
    customers = [make_customer() for _ in range(200)]
    Ticket.objects.bulk_create(_tickets(Random(7), teams, [agent, *others], customers), batch_size=1000)
    SavedView.objects.create(name="Urgent", owner=agent, query='priority:>normal -team:"Team 7"')
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("analyze tickets_ticket, people_user")
    return agent, administrator


def _tickets(random: Random, teams: list[Team], staff: list[User], customers: list[User]) -> Iterator[Ticket]:
    for number in range(MANY):
        active = random.random() < ACTIVE_SHARE
        at = BEGINNING + timedelta(minutes=10 * number)
        yield Ticket(
            subject=f"Subject {number}",
            requester=random.choice(customers),
            team=teams[int(random.random() ** 2 * len(teams))],
            assignee=random.choice(staff) if random.random() < 0.6 else None,
            status=random.choice(ACTIVE) if active else random.choice([Status.SOLVED, Status.CLOSED, Status.CLOSED]),
            active=int(active),
            priority=random.choice([1, 2, 2, 2, 3, 4]),
            created_at=at,
            updated_at=at + timedelta(minutes=random.randrange(100_000)),
            last_message_at=at,
            solved_at=None if active else at,
        )


def plans(act: Any) -> Iterator[tuple[str, str]]:
    """Each statement that reads tickets, with the plan of the database for it."""
    with CaptureQueriesContext(connection) as captured:
        act()
    for query in captured.captured_queries:
        statement = query["sql"]
        if statement.startswith("SELECT") and TABLE in statement:
            yield statement, plan_of(statement)


def plan_of(statement: str) -> str:
    explain = "EXPLAIN (FORMAT JSON) " if connection.vendor == "postgresql" else "EXPLAIN QUERY PLAN "
    with connection.cursor() as cursor:
        cursor.execute(explain + statement.replace("%", "%%"), [])
        rows = cursor.fetchall()
    if connection.vendor == "postgresql":
        return json.dumps(rows[0][0])
    return "\n".join(str(row[3]) for row in rows)


def complaints(plan: str, *, own: bool) -> list[str]:
    return _of_postgresql(json.loads(plan)[0]["Plan"]) if plan.startswith("[") else _of_sqlite(plan, own=own)


def _of_sqlite(plan: str, *, own: bool) -> list[str]:
    lines = plan.splitlines()
    found = [line for line in lines if line.startswith("SCAN tickets_ticket") and "INDEX ticket_" not in line]
    return found if own else [*found, *(line for line in lines if "TEMP B-TREE" in line)]


def _of_postgresql(node: dict[str, Any]) -> list[str]:
    found = []
    if node["Node Type"] == "Seq Scan" and node.get("Relation Name") == "tickets_ticket":
        found.append("Seq Scan on tickets_ticket")
    children = node.get("Plans", [])
    if node["Node Type"] == "Sort" and children[0]["Plan Rows"] > MOST_SORTED:
        found.append(f"Sort of {children[0]['Plan Rows']} rows")
    for child in children:
        found += _of_postgresql(child)
    return found


def check(act: Callable[..., Any], *args: Any, own: bool = False, **options: Any) -> int:
    """How many statements read tickets; each by an index, and without sorting more than a handful."""
    statements = list(plans(partial(act, *args, **options)))
    for statement, plan in statements:
        assert not complaints(plan, own=own), f"{complaints(plan, own=own)}\n{statement}\n{plan}"
    return len(statements)


@pytest.mark.django_db
def test_every_list_walks_an_index(desk: tuple[User, User]) -> None:
    for key in ("mine", "unassigned", "all", "recent", "solved", "team", "saved"):
        walks_an_index(desk, key)


def walks_an_index(desk: tuple[User, User], key: str) -> None:
    agent, administrator = desk
    name = {
        "team": f"team-{agent.memberships.earliest('id').team_id}",
        "saved": f"saved-{SavedView.objects.get().pk}",
    }.get(key, key)
    own = key in ("mine", "saved")  # what their conditions leave may be sorted
    for user, sort in product((agent, administrator), ORDERS):
        chosen = queues.queue(user, name)
        if chosen is None:
            continue
        first = queues.page(user, chosen, sort=sort)
        assert check(queues.page, user, chosen, sort=sort, own=own) == (2 if first.tickets else 1)
        assert check(queues.page, user, chosen, sort=sort, after=first.next, own=own) <= 5
        if first.tickets:
            middle = first.tickets[len(first.tickets) // 2]
            assert check(queues.neighbours, user, chosen, middle, sort=sort, own=own) <= 6


@pytest.mark.django_db
def test_counts_are_one_walk_of_their_index(desk: tuple[User, User]) -> None:
    for user in desk:
        user.teams_with("view")  # type: ignore[arg-type]  # a right's value
        ((statement, plan),) = plans(partial(queues.counts, user))
        assert "GROUP BY" in statement
        assert "ticket_counts" in plan or "Index Only Scan" in plan
        assert not complaints(plan, own=False)


@pytest.mark.django_db
def test_every_ticket_is_on_one_page_in_order(desk: tuple[User, User]) -> None:
    agent, _administrator = desk
    chosen = queues.queue(agent, "all")
    assert chosen is not None
    visible = Ticket.objects.visible_to(agent).active()
    for sort, order in ORDERS.items():
        walked: list[int] = []
        after = ""
        while True:
            page = queues.page(agent, chosen, sort=sort, after=after)
            walked += [ticket.pk for ticket in page.tickets]
            after = page.next
            if not after:
                break
        assert walked == list(visible.order_by(*order.as_fields()).values_list("pk", flat=True))


@pytest.mark.django_db
def test_finding_walks_indexes(desk: tuple[User, User]) -> None:
    agent, _administrator = desk
    assert check(find_tickets, agent, "1500", own=True) >= 1
    assert check(find_tickets, agent, "munteanu", own=True) >= 1
