"""Where may a ticket go from where, and what comes of it? The words of Zendesk's system rules, which agents know."""

from collections.abc import Callable
from itertools import product

import pytest

from sportello.people.testing import make_agent, make_customer, make_team
from sportello.tickets.models import Ticket
from sportello.tickets.models.ticket import TransitionRefused
from sportello.tickets.testing import make_ticket
from sportello.tickets.words import ACTIVE, ALLOWED_FROM, Status

pytestmark = pytest.mark.django_db

VERBS: dict[Status, Callable[..., bool]] = {
    Status.OPEN: Ticket.start,
    Status.WAITING: Ticket.wait,
    Status.ON_HOLD: Ticket.hold,
    Status.SOLVED: Ticket.solve,
    Status.CLOSED: Ticket.close,
}
# from the specification, not from the program's own table: what each status may become
BECOMES = {
    Status.NEW: {Status.OPEN, Status.WAITING, Status.ON_HOLD, Status.SOLVED},
    Status.OPEN: {Status.WAITING, Status.ON_HOLD, Status.SOLVED},
    Status.WAITING: {Status.OPEN, Status.ON_HOLD, Status.SOLVED},
    Status.ON_HOLD: {Status.OPEN, Status.WAITING, Status.SOLVED},
    Status.SOLVED: {Status.OPEN, Status.WAITING, Status.ON_HOLD, Status.CLOSED},
    Status.CLOSED: set(),
}


def ticket_that_is(status: Status) -> Ticket:
    ticket = make_ticket()
    agent = make_agent(ticket.team)
    if status == Status.CLOSED:
        ticket.solve(by=agent)
    if status != Status.NEW:
        VERBS[status](ticket, by=agent)
    assert ticket.status == status
    return ticket


@pytest.mark.parametrize(("current", "wanted"), list(product(Status, VERBS)))
def test_every_transition(current: Status, wanted: Status) -> None:
    ticket = ticket_that_is(current)
    agent = make_agent(ticket.team)
    facts = ticket.timeline.count()
    if wanted == current:
        assert VERBS[wanted](ticket, by=agent) is False
        assert ticket.timeline.count() == facts
    elif wanted in BECOMES[current]:
        assert VERBS[wanted](ticket, by=agent) is True
        assert Ticket.objects.get(pk=ticket.pk).status == wanted
    else:
        with pytest.raises(TransitionRefused):
            VERBS[wanted](ticket, by=agent)
        assert Ticket.objects.get(pk=ticket.pk).status == current
        assert ticket.timeline.count() == facts


def test_nothing_becomes_new_again() -> None:
    assert ALLOWED_FROM[Status.NEW] == frozenset()


@pytest.mark.parametrize("status", list(Status))
def test_the_flag_of_the_active_goes_with_the_status(status: Status) -> None:
    ticket = Ticket.objects.get(pk=ticket_that_is(status).pk)
    assert ticket.active == int(status in ACTIVE)
    assert (ticket.solved_at is not None) == (status in (Status.SOLVED, Status.CLOSED))
    assert (ticket.closed_at is not None) == (status == Status.CLOSED)


def test_solving_twice_is_one_fact() -> None:
    ticket = make_ticket()
    agent = make_agent(ticket.team)
    assert ticket.solve(by=agent, note="Restarted the gateway.") is True
    assert ticket.solve(by=agent, note="Again.") is False
    assert [e.data["note"] for e in ticket.timeline.filter(kind="TicketSolved")] == ["Restarted the gateway."]


def test_solving_by_an_old_copy_is_no_second_fact() -> None:
    ticket = make_ticket()
    old = Ticket.objects.get(pk=ticket.pk)
    ticket.solve(by=make_agent(ticket.team))
    assert old.solve(by=make_agent(ticket.team)) is False
    assert old.status == Status.SOLVED


def test_a_new_ticket_that_is_taken_is_open() -> None:
    ticket = make_ticket()
    agent = make_agent(ticket.team)
    assert ticket.status == Status.NEW
    ticket.assign_to(agent, by=agent)
    assert (ticket.status, ticket.assignee) == (Status.OPEN, agent)


def test_a_waiting_ticket_that_is_assigned_stays_waiting() -> None:
    ticket = ticket_that_is(Status.WAITING)
    ticket.assign_to(make_agent(ticket.team), by=make_agent(ticket.team))
    assert ticket.status == Status.WAITING


def test_a_ticket_that_is_let_go_is_not_new_again() -> None:
    ticket = make_ticket()
    agent = make_agent(ticket.team)
    ticket.assign_to(agent, by=agent)
    ticket.assign_to(None, by=agent)
    assert (ticket.status, ticket.assignee_id) == (Status.OPEN, None)


def test_whoever_solves_an_unassigned_ticket_becomes_its_assignee() -> None:
    ticket = make_ticket()
    agent = make_agent(ticket.team)
    ticket.solve(by=agent)
    assert ticket.assignee == agent


def test_solving_leaves_an_assignee_alone() -> None:
    ticket = make_ticket()
    first, second = make_agent(ticket.team), make_agent(ticket.team)
    ticket.assign_to(first, by=first)
    ticket.solve(by=second)
    assert ticket.assignee == first


def test_a_customer_who_solves_their_request_is_not_its_assignee() -> None:
    ticket = make_ticket()
    ticket.solve(by=ticket.requester)
    assert (ticket.status, ticket.assignee_id) == (Status.SOLVED, None)


def test_an_agent_of_another_team_who_solves_is_not_its_assignee() -> None:
    ticket = make_ticket()
    ticket.solve(by=make_agent(make_team()))
    assert ticket.assignee_id is None


def test_a_reopened_ticket_says_so() -> None:
    ticket = ticket_that_is(Status.SOLVED)
    ticket.start(by=make_agent(ticket.team))
    assert ticket.timeline.latest("id").kind == "TicketReopened"
    waiting = ticket_that_is(Status.WAITING)
    waiting.start(by=make_agent(waiting.team))
    assert waiting.timeline.latest("id").kind == "TicketStarted"


def test_a_move_to_another_team_lets_a_non_member_go() -> None:
    ticket = make_ticket()
    agent, other = make_agent(ticket.team), make_team()
    ticket.assign_to(agent, by=agent)
    ticket.move_to(other, by=agent)
    assert (ticket.team, ticket.assignee_id) == (other, None)


def test_a_move_keeps_an_assignee_who_can_answer_there() -> None:
    first, second = make_team(), make_team()
    agent = make_agent(first, second)
    ticket = make_ticket(team=first)
    ticket.assign_to(agent, by=agent)
    ticket.move_to(second, by=agent)
    assert (ticket.team, ticket.assignee) == (second, agent)


def test_a_move_to_the_same_team_is_no_fact() -> None:
    ticket = make_ticket()
    assert ticket.move_to(ticket.team, by=make_agent(ticket.team)) is False


@pytest.mark.parametrize("priority", [0, 5, -1])
def test_an_unknown_priority_is_refused(priority: int) -> None:
    ticket = make_ticket()
    with pytest.raises(ValueError, match="Priority"):
        ticket.prioritise(priority, by=make_agent(ticket.team))


def test_an_unknown_type_is_refused() -> None:
    with pytest.raises(ValueError, match="TicketType"):
        make_ticket().retype("wish", by=make_customer())


def test_tags_are_lower_case_words_joined_by_hyphens() -> None:
    ticket = make_ticket()
    agent = make_agent(ticket.team)
    ticket.tag(by=agent, add=["VPN access", "vpn-access", " , ", "", 'a"b\0c'])
    assert sorted(ticket.tags.values_list("name", flat=True)) == ["a-b-c", "vpn-access"]
    assert ticket.tag(by=agent, add=["VPN  Access"]) is False
    assert ticket.tag(by=agent, remove=["vpn-access", "unknown"]) is True
    assert ticket.timeline.latest("id").data == {
        "ticket_id": ticket.pk,
        "actor_id": agent.pk,
        "added": [],
        "removed": ["vpn-access"],
    }


def test_a_subject_is_one_clean_line() -> None:
    ticket = make_ticket(subject=" Heating\r\nBcc: x\0 " + "y" * 2_000_000)
    assert ticket.subject.startswith("Heating Bcc: x yyy")
    assert len(ticket.subject) == 500
    assert make_ticket(subject=" \n ").subject == "…"
    assert ticket.rename(" New\nsubject ", by=make_agent(ticket.team)) is True
    assert ticket.subject == "New subject"
