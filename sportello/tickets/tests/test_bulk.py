"""What does one change do to many tickets, which does it leave alone, and is it put back by undo?"""

from typing import Any

import pytest

from sportello.kernel.jobs.testing import run_jobs
from sportello.kernel.models import LiveSignal
from sportello.people.models import Team, User
from sportello.people.models.team import join_team
from sportello.people.roles import Role
from sportello.people.testing import make_administrator, make_agent, make_customer, make_team
from sportello.tickets import bulk, conversation, queues, replay
from sportello.tickets.bulk import ChangeRefused
from sportello.tickets.conditions import parse
from sportello.tickets.models import BulkJob, Ticket
from sportello.tickets.testing import make_ticket
from sportello.tickets.words import Priority, Status

pytestmark = pytest.mark.django_db
State = BulkJob.State


def tickets(team: Team, count: int = 3) -> list[Ticket]:
    return [make_ticket(team=team) for _ in range(count)]


def run(owner: User, which: Any, **change: Any) -> BulkJob:
    job = bulk.start(owner, which, change)
    run_jobs("bulk")
    job.refresh_from_db()
    return job


def numbers(rows: list[Ticket]) -> list[int]:
    return [ticket.pk for ticket in rows]


def now(ticket: Ticket) -> Ticket:
    return Ticket.objects.get(pk=ticket.pk)


def test_a_change_goes_through_all_of_them(agent: User, team: Team) -> None:
    luca = make_agent(team)
    rows = tickets(team, 23)
    rows[0].tag(by=agent, add=["spam"])
    job = run(
        agent,
        numbers(rows),
        status="waiting",
        priority="4",
        type="incident",
        assignee=str(luca.pk),
        add_tags=["VPN access"],
        remove_tags=["spam"],
    )
    assert (job.state, job.total, job.done, job.failed, job.changed, job.percent) == (State.DONE, 23, 23, 0, 23, 100)
    for ticket in map(now, rows):
        assert (ticket.status, ticket.priority, ticket.type) == (Status.WAITING, Priority.URGENT, "incident")
        assert (ticket.assignee, ticket.tag_names) == (luca, ["vpn-access"])
        assert replay.fold(ticket.timeline.all()) == replay.as_it_is(ticket)
        assert ticket.timeline.latest("id").actor == agent


def test_the_effect_is_counted_exactly_before_it_begins(agent: User, team: Team) -> None:
    rows = tickets(team)
    closed = make_ticket(team=team)
    closed.solve(by=agent)
    closed.close(by=agent)
    foreign = make_ticket()
    all_of_them = [*numbers(rows), closed.pk, foreign.pk, 999_999_999, rows[0].pk]
    assert bulk.affected(agent, all_of_them, {"priority": 3}) == [*numbers(rows), closed.pk]
    assert bulk.affected(agent, all_of_them, {"assignee": None}) == numbers(rows)
    job = bulk.start(agent, all_of_them, {"assignee": "me"})
    assert (job.total, job.state) == (3, State.RUNNING)


def test_all_tickets_of_a_question_or_a_queue_are_changed(agent: User, team: Team) -> None:
    high, low = make_ticket(team=team, priority=3), make_ticket(team=team, priority=1)
    job = run(agent, parse("priority:high", agent), add_tags=["hot"])
    assert (job.total, now(high).tag_names, now(low).tag_names) == (1, ["hot"], [])
    queue = queues.queue(agent, "unassigned")
    assert queue is not None
    chosen, _typed = queues.tickets_in(agent, queue, "priority:low")
    assert run(agent, chosen.values_list("pk", flat=True), add_tags=["cold"]).total == 1
    assert now(low).tag_names == ["cold"]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({}, "Choose what to change."),
        ({"subject": "x"}, "Tickets have no subject. Choose from: status, priority, type, team, assignee, add_tags, "),
        ({"status": "closed"}, "Tickets cannot be set to that status."),
        ({"status": ["open"]}, "Tickets cannot be set to that status."),
        ({"priority": "9"}, "There is no such priority."),
        ({"priority": None}, "There is no such priority."),
        ({"type": "wish"}, "There is no such type."),
        ({"team": "999999"}, "There is no such team."),
        ({"team": "1; drop"}, "There is no such team."),
        ({"assignee": "999999"}, "There is no such colleague."),
        ({"add_tags": []}, "Say which tags."),
        ({"add_tags": "vpn"}, "Say which tags."),
        ({"add_tags": ["ok", " , "]}, "Say which tags."),
        ({"add_tags": [7]}, "Say which tags."),
    ],
)
def test_a_change_without_sense_is_refused_before_anything_happens(
    agent: User, team: Team, change: dict[str, Any], sentence: str
) -> None:
    rows = tickets(team)
    with pytest.raises(ChangeRefused) as refused:
        bulk.start(agent, numbers(rows), change)
    assert str(refused.value).startswith(sentence)
    assert not BulkJob.objects.exists()


def test_a_change_of_nothing_is_refused(agent: User) -> None:
    for which in ([], [make_ticket().pk], parse("status:new", agent)):
        with pytest.raises(ChangeRefused, match="You may not change any of these tickets"):
            bulk.start(agent, which, {"priority": 3})


def test_a_question_with_a_problem_is_refused(agent: User, team: Team) -> None:
    tickets(team)
    with pytest.raises(ChangeRefused, match="There is no tag gone"):
        bulk.start(agent, parse("status:any tag:gone", agent), {"priority": 3})


def test_too_many_at_once_are_refused(agent: User, team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "MOST", 2)
    with pytest.raises(ChangeRefused, match="At most 2 tickets"):
        bulk.start(agent, numbers(tickets(team)), {"priority": 3})
    with pytest.raises(ChangeRefused, match="At most 2 tickets"):
        bulk.start(agent, parse("", agent), {"priority": 3})


def test_who_may_not_change_tickets_changes_none(team: Team) -> None:
    rows = numbers(tickets(team))
    for user in (make_agent(team, role=Role.LIGHT_AGENT), make_agent(make_team()), make_customer()):
        with pytest.raises(ChangeRefused):
            bulk.start(user, rows, {"priority": 3})


def test_what_cannot_be_done_is_left_alone_whole_and_said(agent: User, team: Team) -> None:
    """Half a change would be worse than none: the tag of the closed ticket goes with its refused status."""
    first, closed = tickets(team, 2)
    closed.solve(by=agent)
    closed.close(by=agent)
    job = run(agent, numbers([first, closed]), status="open", add_tags=["vpn"])
    assert (job.state, job.done, job.failed, job.changed) == (State.DONE, 2, 1, 1)
    assert job.failures == [{"ticket": closed.pk, "why": "It is Closed."}]
    assert (now(first).status, now(first).tag_names, now(closed).tag_names) == (Status.OPEN, ["vpn"], [])


def test_an_assignee_must_answer_in_the_tickets_team(team: Team) -> None:
    other = make_team("Billing")
    boss, luca = make_administrator(), make_agent(team, name="Luca Bianchi")
    here, there = make_ticket(team=team), make_ticket(team=other)
    job = run(boss, numbers([here, there]), assignee=luca.pk)
    assert (now(here).assignee, now(there).assignee) == (luca, None)
    assert job.failures == [{"ticket": there.pk, "why": "Luca Bianchi does not answer in Billing."}]


def test_a_move_comes_before_the_assignment(agent: User, team: Team) -> None:
    other = make_team()
    luca = make_agent(other)
    join_team(agent, other, Role.AGENT)
    (ticket,) = tickets(team, 1)
    run(agent, [ticket.pk], team=other.pk, assignee=luca.pk)
    assert (now(ticket).team, now(ticket).assignee) == (other, luca)


def test_who_may_not_assign_in_the_other_team_does_so_by_no_bulk_change(agent: User, team: Team) -> None:
    other = make_team()
    (ticket,) = tickets(team, 1)
    job = run(agent, [ticket.pk], team=other.pk, assignee=make_agent(other).pk)
    assert job.failures == [{"ticket": ticket.pk, "why": "You may not change it."}]
    assert (now(ticket).team, now(ticket).assignee) == (team, None)


def test_rights_count_when_the_change_is_made(agent: User, team: Team) -> None:
    first, second = tickets(team, 2)
    job = bulk.start(agent, numbers([first, second]), {"priority": 4})
    second.move_to(make_team(), by=agent)
    run_jobs("bulk")
    job.refresh_from_db()
    assert job.failures == [{"ticket": second.pk, "why": "You can no longer see it."}]
    assert now(second).priority == Priority.NORMAL


def test_a_change_that_is_one_already_is_no_fact(agent: User, team: Team) -> None:
    (ticket,) = tickets(team, 1)
    facts = ticket.timeline.count()
    assert run(agent, [ticket.pk], priority=2).changed == 1
    assert ticket.timeline.count() == facts


@pytest.mark.only_sqlite  # PostgreSQL carries signals without a table
def test_progress_is_told_by_number_and_owner(agent: User, team: Team) -> None:
    job = run(agent, numbers(tickets(team, 25)), priority=3)
    told = LiveSignal.objects.filter(topic="bulk").order_by("id")
    assert [signal.data for signal in told] == [{"job": job.pk, "owner": agent.pk}] * 3


def test_a_job_that_was_cut_off_goes_on_where_it_stopped(agent: User, team: Team) -> None:
    rows = tickets(team, 25)
    job = bulk.start(agent, numbers(rows), {"priority": 4})
    assert bulk._next_batch(job) is True
    assert BulkJob.objects.get(pk=job.pk).done == bulk.BATCH
    assert [now(ticket).priority for ticket in rows].count(4) == bulk.BATCH
    run_jobs("bulk")
    job.refresh_from_db()
    assert (job.state, job.done) == (State.DONE, 25)
    assert job.outcomes.count() == 25


def test_running_a_finished_job_again_does_nothing(agent: User, team: Team) -> None:
    (ticket,) = tickets(team, 1)
    job = run(agent, [ticket.pk], priority=4)
    ticket.prioritise(1, by=agent)
    bulk.run(job)
    assert now(ticket).priority == 1


def test_a_job_can_be_stopped(agent: User, team: Team) -> None:
    rows = tickets(team, 15)
    job = bulk.start(agent, numbers(rows), {"priority": 4})
    bulk._next_batch(job)
    assert bulk.cancel(job) is True
    run_jobs("bulk")
    job.refresh_from_db()
    assert (job.state, job.done) == (State.CANCELLED, 10)
    assert [now(ticket).priority for ticket in rows].count(4) == 10
    assert bulk.cancel(job) is False


def test_a_ticket_that_is_gone_is_counted_as_left_alone(agent: User, team: Team) -> None:
    first, second = tickets(team, 2)
    job = bulk.start(agent, numbers([first, second]), {"priority": 4})
    Ticket.objects.filter(pk=second.pk).delete()
    run_jobs("bulk")
    job.refresh_from_db()
    assert (job.state, job.done, job.failed) == (State.DONE, 2, 1)


# undo


def undo(job: BulkJob) -> BulkJob:
    assert bulk.undo(job) is True
    assert job.state == State.UNDOING
    run_jobs("bulk")
    job.refresh_from_db()
    assert job.state == State.UNDONE
    return job


def test_undo_puts_everything_back_by_further_facts(agent: User, team: Team) -> None:
    other = make_team()
    luca = make_agent(team, other)
    join_team(agent, other, Role.AGENT)
    rows = tickets(team, 12)
    rows[0].tag(by=agent, add=["spam", "old"])
    rows[1].assign_to(agent, by=agent)
    rows[2].solve(by=agent)
    before = {ticket.pk: replay.as_it_is(ticket) for ticket in rows}
    facts = {ticket.pk: ticket.timeline.count() for ticket in rows}
    change = {"status": "waiting", "priority": 1, "team": other.pk, "assignee": luca.pk, "type": "task"}
    undo(run(agent, numbers(rows), add_tags=["vpn", "old"], remove_tags=["spam"], **change))
    for ticket in map(now, rows):
        assert replay.as_it_is(ticket) | {"updated_at": None} == before[ticket.pk] | {"updated_at": None}
        assert replay.fold(ticket.timeline.all()) == replay.as_it_is(ticket)
        assert ticket.timeline.count() > facts[ticket.pk] + 5


def test_each_fact_says_which_change_wrote_it_or_put_it_back(agent: User, team: Team) -> None:
    ticket = make_ticket(team=team)
    job = run(agent, [ticket.pk], status="solved", priority=4, add_tags=["vpn"])
    undo(job)
    told = [(entry.kind, entry.cause) for entry in ticket.timeline.order_by("id")[2:]]
    bulk_change, put_back = {"by": "bulk", "job": job.pk}, {"by": "bulk-undo", "job": job.pk}
    assert told == [
        ("TicketTagged", bulk_change),
        ("TicketPrioritised", bulk_change),
        ("TicketSolved", bulk_change),
        ("TicketAssigned", bulk_change | {"fact": "TicketSolved"}),
        ("TicketTagged", put_back),
        ("TicketPrioritised", put_back),
        ("TicketAssigned", put_back),
        ("TicketStatusRestored", put_back),
    ]


def test_a_solution_of_many_is_taken_back_at_one_ticket_with_what_it_brought_along(agent: User, team: Team) -> None:
    ticket = make_ticket(team=team)
    run(agent, [ticket.pk], status="solved")
    assert now(ticket).assignee == agent
    conversation.take_solution_back(ticket, by=agent)
    assert (now(ticket).status, now(ticket).assignee) == (Status.NEW, None)


def test_undo_leaves_alone_what_was_changed_since(agent: User, team: Team) -> None:
    (ticket,) = tickets(team, 1)
    job = run(agent, [ticket.pk], status="waiting", priority=4, add_tags=["vpn", "hot"])
    ticket.start(by=agent)
    ticket.tag(by=agent, add=["new"], remove=["hot"])
    undo(job)
    fresh = now(ticket)
    assert (fresh.status, fresh.priority, fresh.tag_names) == (Status.OPEN, Priority.NORMAL, ["new"])


def test_undo_touches_no_ticket_that_was_left_alone(agent: User, team: Team) -> None:
    first, closed = tickets(team, 2)
    closed.solve(by=agent)
    closed.close(by=agent)
    job = run(agent, numbers([first, closed]), status="waiting")
    facts = closed.timeline.count()
    undo(job)
    assert now(first).status == Status.NEW
    assert closed.timeline.count() == facts


def test_a_stopped_job_is_undone_as_far_as_it_came(agent: User, team: Team) -> None:
    rows = tickets(team, 15)
    job = bulk.start(agent, numbers(rows), {"priority": 4})
    bulk._next_batch(job)
    bulk.cancel(job)
    undo(job)
    assert {now(ticket).priority for ticket in rows} == {2}


def test_undo_is_asked_for_once_and_after_the_end(agent: User, team: Team) -> None:
    (ticket,) = tickets(team, 1)
    job = bulk.start(agent, [ticket.pk], {"priority": 4})
    assert bulk.undo(job) is False
    run_jobs("bulk")
    undo(job)
    assert bulk.undo(job) is False
    ticket.prioritise(4, by=agent)
    bulk.run_undo(job)
    assert now(ticket).priority == 4


def test_undo_needs_the_right_that_the_change_needed(agent: User, team: Team) -> None:
    (ticket,) = tickets(team, 1)
    job = run(agent, [ticket.pk], priority=4)
    agent.memberships.all().delete()
    undo(job)
    assert now(ticket).priority == 4


def test_undo_gives_no_ticket_to_a_colleague_who_left_and_says_so(agent: User, team: Team) -> None:
    luca = make_agent(team, name="Luca Ferri")
    first, second = tickets(team, 2)
    first.assign_to(luca, by=agent)
    job = run(agent, numbers([first, second]), assignee=agent.pk, priority=4)
    User.objects.filter(pk=luca.pk).update(is_active=False)
    undo(job)
    assert (now(first).assignee, now(first).priority) == (agent, 4)
    assert (now(second).assignee, now(second).priority) == (None, 2)
    assert job.failures == [{"ticket": first.pk, "why": "Luca Ferri does not answer in First line."}]


def test_undo_takes_nothing_back_from_a_counter_that_is_not_theirs(agent: User, team: Team) -> None:
    (ticket,) = tickets(team, 1)
    job = run(agent, [ticket.pk], priority=4)
    ticket.move_to(make_team(), by=agent)
    undo(job)
    assert now(ticket).priority == 4
    assert job.failures == [{"ticket": ticket.pk, "why": "You can no longer see it."}]


def test_undo_fetches_nothing_that_another_counter_has_worked_on_since(agent: User, team: Team) -> None:
    other = make_team()
    (touched, untouched) = tickets(team, 2)
    job = run(agent, numbers([touched, untouched]), team=other.pk)
    touched.prioritise(4, by=make_agent(other))
    undo(job)
    assert (now(touched).team, now(untouched).team) == (other, team)
    assert job.failures == [{"ticket": touched.pk, "why": "You can no longer see it."}]


def test_the_newest_job_is_shown_to_its_owner_for_a_while(agent: User, team: Team) -> None:
    (ticket,) = tickets(team, 1)
    run(agent, [ticket.pk], priority=4)
    job = run(agent, [ticket.pk], priority=3)
    assert BulkJob.objects.shown_to(agent) == job
    assert BulkJob.objects.shown_to(make_agent(team)) is None
