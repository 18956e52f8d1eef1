"""Can a program change many tickets at once, watch, stop and put back, as the desk does?"""

import pytest

from sportello.api.tests.conftest import Call, assert_problem, caller
from sportello.kernel.jobs.testing import run_jobs
from sportello.people.models import Team
from sportello.people.testing import make_agent, make_team
from sportello.tickets.models import BulkJob, Ticket
from sportello.tickets.testing import make_ticket


def test_named_tickets_are_changed_and_put_back(as_agent: Call, ticket: Ticket) -> None:
    given = {"tickets": [ticket.pk], "change": {"priority": 4, "add_tags": ["heat"]}}
    job = as_agent("POST", "/bulk-changes", **given).json()
    assert (job["state"], job["total"]) == ("running", 1)
    run_jobs()
    done = as_agent("GET", f"/bulk-changes/{job['id']}").json()
    assert (done["state"], done["changed"], done["failures"]) == ("done", 1, [])
    ticket.refresh_from_db()
    assert (ticket.priority, ticket.tags.get().name) == (4, "heat")
    assert as_agent("POST", f"/bulk-changes/{job['id']}/reversal").json()["state"] == "undoing"
    run_jobs()
    ticket.refresh_from_db()
    assert (ticket.priority, ticket.tags.exists()) == (2, False)
    assert [row["state"] for row in as_agent("GET", "/bulk-changes").json()["items"]] == ["undone"]


def test_a_question_finds_the_tickets_and_nobody_reaches_beyond_their_sight(as_agent: Call, team: Team) -> None:
    mine, hidden = make_ticket(team=team), make_ticket()
    job = as_agent("POST", "/bulk-changes", q="status:any", change={"status": "waiting"}).json()
    assert BulkJob.objects.get(pk=job["id"]).ticket_ids == [mine.pk]
    assert_problem(as_agent("POST", "/bulk-changes", tickets=[hidden.pk], change={"priority": 4}), 422)


def test_what_runs_is_stopped_and_others_do_not_know_of_it(as_agent: Call, team: Team, ticket: Ticket) -> None:
    job = as_agent("POST", "/bulk-changes", tickets=[ticket.pk], change={"priority": 4}).json()
    assert_problem(caller(make_agent(team))("GET", f"/bulk-changes/{job['id']}"), 404)
    assert as_agent("POST", f"/bulk-changes/{job['id']}/cancellation").json()["state"] == "cancelled"
    run_jobs()
    ticket.refresh_from_db()
    assert ticket.priority == 2


@pytest.mark.parametrize(
    "given",
    [
        {"change": {"priority": 4}},
        {"tickets": [1], "q": "tag:x", "change": {"priority": 4}},
        {"tickets": [1], "change": {}},
        {"tickets": [1], "change": {"status": None, "team": None, "add_tags": None}},
        {"q": "status:purple", "change": {"priority": 4}},
        {"tickets": [2**70], "change": {"priority": 4}},
        {"tickets": [1], "change": {"status": "closed"}},
        {"tickets": [1], "change": {"team": 999}},
    ],
)
def test_a_change_that_makes_no_sense_is_refused(as_agent: Call, ticket: Ticket, given: dict[str, object]) -> None:
    assert_problem(as_agent("POST", "/bulk-changes", **given), 422)
    assert not BulkJob.objects.exists()


def test_a_wrong_value_is_told_by_its_field_and_whoever_does_not_answer_there_by_ticket(
    as_administrator: Call, ticket: Ticket
) -> None:
    wrong = {"tickets": [ticket.pk], "change": {"assignee": ticket.requester_id}}
    refused = assert_problem(as_administrator("POST", "/bulk-changes", **wrong), 422)
    assert refused["errors"] == [{"field": "change.assignee", "message": "There is no such colleague."}]
    oliver = make_agent(make_team("Billing"), name="Oliver Hayes")
    job = as_administrator("POST", "/bulk-changes", tickets=[ticket.pk], change={"assignee": oliver.pk}).json()
    run_jobs()
    failures = as_administrator("GET", f"/bulk-changes/{job['id']}").json()["failures"]
    assert failures == [{"ticket": ticket.pk, "why": "Oliver Hayes does not answer in First line."}]


@pytest.mark.parametrize("q", ["", "   ", '""', '"', "-", '-""', "“”"])
def test_a_question_that_asks_nothing_changes_nothing(as_agent: Call, ticket: Ticket, q: str) -> None:
    response = as_agent("POST", "/bulk-changes", q=q, change={"add_tags": ["x"]})
    assert response.status_code == 422
    assert response.json()["detail"] == "Name the tickets, or a question that finds them."
    assert ticket.tag_names == [] and not BulkJob.objects.exists()
