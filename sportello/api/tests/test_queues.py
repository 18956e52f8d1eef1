"""Does a program see the queues as the desk does: counted, sorted, saved?"""

from datetime import timedelta

import time_machine
from django.utils import timezone

from sportello.api.tests.conftest import Call, assert_problem, caller
from sportello.people.models import Team, User
from sportello.people.roles import Role
from sportello.people.testing import make_agent, make_team
from sportello.tickets.models import SavedView, Ticket
from sportello.tickets.testing import make_reply, make_ticket
from tests.queries import assert_constant_queries


def numbers(page: object) -> list[int]:
    return [ticket["number"] for ticket in page.json()["items"]]  # type: ignore[attr-defined]  # a response


def test_queues_come_with_what_waits_in_them(as_agent: Call, agent: User, ticket: Ticket) -> None:
    mine = make_ticket(team=ticket.team)
    mine.assign_to(agent, by=agent)
    view = SavedView.objects.create(name="Mine too", owner=agent, query="assignee:me")
    counts = {queue["key"]: queue["count"] for queue in as_agent("GET", "/queues").json()}
    assert counts == {
        "mine": 1, "unassigned": 1, "all": 2, "recent": None, "solved": None,
        f"team-{ticket.team_id}": 2, f"saved-{view.pk}": 1,
    }  # fmt: skip


def test_an_empty_counter_counts_nothing(as_agent: Call, team: Team) -> None:
    assert [q["count"] for q in as_agent("GET", "/queues").json() if q["key"] == f"team-{team.pk}"] == [0]


def test_a_queue_is_sorted_as_asked_and_by_urgency_otherwise(as_agent: Call, agent: User, team: Team) -> None:
    first, second = make_ticket(team=team), make_ticket(team=team)
    second.prioritise(4, by=agent)
    first.rename("Newer", by=agent)
    assert numbers(as_agent("GET", "/queues/all/tickets")) == [second.pk, first.pk]
    assert numbers(as_agent("GET", "/queues/all/tickets?sort=arrival")) == [first.pk, second.pk]
    assert numbers(as_agent("GET", "/queues/all/tickets?sort=updated")) == [first.pk, second.pk]
    assert numbers(as_agent("GET", "/queues/all/tickets?q=priority:urgent")) == [second.pk]
    assert_problem(as_agent("GET", "/queues/all/tickets?q=priority:purple"), 400)
    assert_problem(as_agent("GET", "/queues/all/tickets?sort=colour"), 422)


def test_pages_of_a_queue_follow_each_other(as_agent: Call, team: Team) -> None:
    made = [make_ticket(team=team).pk for _ in range(52)]
    first = as_agent("GET", "/queues/all/tickets")
    second = as_agent("GET", f"/queues/all/tickets?cursor={first.json()['next']}")
    assert numbers(first) + numbers(second) == made
    assert second.json()["next"] is None
    assert_problem(as_agent("GET", "/queues/all/tickets?cursor=elsewhere"), 400)


def test_unread_goes_when_it_is_marked_as_seen(as_agent: Call, ticket: Ticket) -> None:
    unread = [t["unread"] for t in as_agent("GET", "/queues/all/tickets").json()["items"]]
    assert unread == [True]
    assert as_agent("POST", f"/tickets/{ticket.pk}/seen").status_code == 204
    assert [t["unread"] for t in as_agent("GET", "/queues/all/tickets").json()["items"]] == [False]


def test_a_view_is_kept_shared_changed_and_removed(as_agent: Call, team: Team) -> None:
    view = as_agent("POST", "/views", name="Cold", query="status:open  priority:high", team_id=team.pk).json()
    assert (view["query"], view["sort"], view["team_id"]) == ("status:open priority:high", "urgency", team.pk)
    assert [v["id"] for v in caller(make_agent(team))("GET", "/views").json()] == [view["id"]]
    changed = as_agent("PATCH", f"/views/{view['id']}", sort="arrival", team_id=None).json()
    assert changed == view | {"sort": "arrival", "team_id": None}
    assert as_agent("DELETE", f"/views/{view['id']}").json()["id"] == view["id"]
    assert as_agent("GET", "/views").json() == []


def test_a_removed_view_comes_back_with_number_owner_and_team(as_agent: Call, team: Team) -> None:
    view = as_agent("POST", "/views", name="Cold", query="status:open", sort="arrival", team_id=team.pk).json()
    as_supervisor = caller(make_agent(team, role=Role.SUPERVISOR))
    restoration = as_supervisor("DELETE", f"/views/{view['id']}").json()["restoration"]
    assert_problem(as_agent("POST", "/views/restoration", restoration=restoration), 404)
    for _again in range(2):
        assert as_supervisor("POST", "/views/restoration", restoration=restoration).json() == view
    assert as_agent("GET", "/views").json() == [view]


def test_a_view_that_was_removed_long_ago_stays_away(as_agent: Call, team: Team) -> None:
    view = as_agent("POST", "/views", name="Cold").json()
    removed = timezone.now()
    with time_machine.travel(removed, tick=False):
        restoration = as_agent("DELETE", f"/views/{view['id']}").json()["restoration"]
    with time_machine.travel(removed + timedelta(seconds=62), tick=False):
        assert_problem(as_agent("POST", "/views/restoration", restoration=restoration), 404)
    assert not SavedView.objects.exists()


def test_a_view_that_makes_no_sense_is_not_kept(as_agent: Call) -> None:
    refused = assert_problem(as_agent("POST", "/views", name="Odd", query="status:purple"), 422)
    assert refused["errors"][0]["field"] == "query"
    elsewhere = make_team()
    assert_problem(as_agent("POST", "/views", name="Theirs", team_id=elsewhere.pk), 422)
    assert not SavedView.objects.exists()


def test_a_queue_costs_the_same_with_many_tickets(as_agent: Call, agent: User, team: Team) -> None:
    def add() -> None:
        made = make_ticket(team=team)
        made.tag(by=agent, add=["heat"])
        make_reply(made, agent)

    assert_constant_queries(lambda: as_agent("GET", "/queues/all/tickets"), add)
