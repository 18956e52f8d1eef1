"""Can a program do what the desk does with tickets?"""

import pytest

from sportello.api.tests.conftest import Call, assert_problem, caller
from sportello.channels.email.testing import make_mailbox
from sportello.people.models import Team, User
from sportello.people.testing import make_agent, make_customer, make_team
from sportello.tickets.models import Ticket
from sportello.tickets.testing import make_ticket
from tests.queries import assert_constant_queries


def test_a_customer_opens_a_ticket_for_themself(as_customer: Call, customer: User, team: Team) -> None:
    response = as_customer("POST", "/tickets", subject="No heat", text="Since Monday.")
    assert response.status_code == 201
    ticket = response.json()
    assert (ticket["subject"], ticket["status"], ticket["channel"]) == ("No heat", "new", "api")
    assert ticket["requester"]["id"] == customer.pk
    assert ticket["team_id"] == team.pk


def test_an_agent_opens_a_ticket_for_a_customer_not_known_yet(as_agent: Call) -> None:
    ticket = as_agent(
        "POST", "/tickets", subject="S", text="T", requester="New@Example.com", requester_name="Ana", tags=["heat"]
    ).json()
    assert ticket["requester"]["address"] == "new@example.com"
    assert ticket["tags"] == ["heat"]


def test_b137_nobody_asks_from_an_address_of_ours_or_is_in_copy_there(as_agent: Call, ticket: Ticket) -> None:
    make_mailbox("support@desk.example")
    ours = "Support+x@desk.example"
    opened = assert_problem(as_agent("POST", "/tickets", subject="S", text="T", requester=ours), 422)
    assert opened["detail"] == "That is one of our own addresses. Name the customer's."
    assert_problem(as_agent("POST", f"/tickets/{ticket.pk}/participants", address=ours), 422)
    assert_problem(as_agent("PATCH", f"/tickets/{ticket.pk}", requester=ours), 422)
    assert_problem(as_agent("POST", "/people", address=ours), 422)
    assert Ticket.objects.count() == 1
    assert User.objects.at_address(ours) is None


@pytest.mark.parametrize("blank", ["  ", "\n", "\u00a0\u2003"])
def test_blank_words_are_none_as_in_a_form(as_agent: Call, ticket: Ticket, blank: str) -> None:
    for given in ({"subject": blank, "text": "T"}, {"subject": "S", "text": blank}):
        refused = assert_problem(as_agent("POST", "/tickets", **given), 422)
        assert refused["errors"][0]["field"].endswith("subject" if given["subject"] == blank else "text")
    assert_problem(as_agent("PATCH", f"/tickets/{ticket.pk}", subject=blank), 422)
    assert_problem(as_agent("POST", f"/tickets/{ticket.pk}/messages", text=blank), 422)
    assert (Ticket.objects.count(), ticket.messages.count()) == (1, 1)


def test_a_tag_is_as_long_as_the_form_allows(as_agent: Call, ticket: Ticket) -> None:
    longest, path = "x" * 50, f"/tickets/{ticket.pk}"
    assert as_agent("PATCH", path, add_tags=[longest]).json()["tags"] == [longest]
    assert_problem(as_agent("PATCH", path, add_tags=["x" * 51]), 422)
    assert_problem(as_agent("POST", "/tickets", subject="S", text="T", tags=["x" * 100_000]), 422)
    assert_problem(as_agent("POST", "/bulk-changes", tickets=[ticket.pk], change={"add_tags": ["x" * 51]}), 422)


def test_a_customer_who_may_not_tag_opens_nothing(as_customer: Call, team: Team) -> None:
    assert_problem(as_customer("POST", "/tickets", subject="S", text="T", tags=["heat"]), 403)
    assert not Ticket.objects.exists()


@pytest.mark.parametrize("field", ["number", "status", "created_at", "organisation_id", "is_staff"])
def test_a_field_that_only_we_write_is_refused(as_agent: Call, ticket: Ticket, field: str) -> None:
    assert_problem(as_agent("PATCH", f"/tickets/{ticket.pk}", **{field: 1, "subject": "New"}), 422)
    before = (ticket.pk, ticket.status, ticket.created_at, ticket.organisation_id, ticket.subject)
    ticket.refresh_from_db()
    assert (ticket.pk, ticket.status, ticket.created_at, ticket.organisation_id, ticket.subject) == before


def test_what_is_left_out_stays_and_null_lets_the_ticket_go(as_agent: Call, agent: User, ticket: Ticket) -> None:
    taken = as_agent("PATCH", f"/tickets/{ticket.pk}", assignee_id=agent.pk, priority=4).json()
    assert (taken["assignee_id"], taken["priority"]) == (agent.pk, 4)
    tagged = as_agent("PATCH", f"/tickets/{ticket.pk}", add_tags=["heat"], remove_tags=None, requester=None).json()
    assert tagged["assignee_id"] == agent.pk
    let_go = as_agent("PATCH", f"/tickets/{ticket.pk}", assignee_id=None).json()
    assert (let_go["assignee_id"], let_go["priority"], let_go["tags"]) == (None, 4, ["heat"])


def test_a_change_that_is_refused_in_part_changes_nothing(as_agent: Call, ticket: Ticket) -> None:
    outsider = make_agent(make_team())
    assert_problem(as_agent("PATCH", f"/tickets/{ticket.pk}", subject="New", assignee_id=outsider.pk), 422)
    ticket.refresh_from_db()
    assert ticket.subject != "New"


def test_moved_out_of_sight_the_ticket_is_still_the_answer(as_agent: Call, ticket: Ticket) -> None:
    other = make_team()
    assert as_agent("PATCH", f"/tickets/{ticket.pk}", team_id=other.pk).json()["team_id"] == other.pk
    assert_problem(as_agent("GET", f"/tickets/{ticket.pk}"), 404)


def test_solving_twice_is_one_fact(as_agent: Call, ticket: Ticket) -> None:
    for _ in range(2):
        solved = as_agent("POST", f"/tickets/{ticket.pk}/solution", note="Restarted.")
        assert solved.json()["status"] == "solved"
    kinds = [fact["kind"] for fact in as_agent("GET", f"/tickets/{ticket.pk}/timeline").json()["items"]]
    assert len([kind for kind in kinds if kind == "TicketSolved"]) == 1


def test_a_closed_ticket_does_not_open_again(as_agent: Call, agent: User, ticket: Ticket) -> None:
    ticket.solve(by=agent)
    ticket.close(by=agent)
    assert_problem(as_agent("POST", f"/tickets/{ticket.pk}/reopening"), 409)
    assert_problem(as_agent("POST", f"/tickets/{ticket.pk}/waiting"), 409)


def test_a_ticket_of_another_team_does_not_exist(team: Team, ticket: Ticket) -> None:
    call = caller(make_agent(make_team()))
    assert_problem(call("GET", f"/tickets/{ticket.pk}"), 404)
    assert call("GET", "/tickets").json()["items"] == []


def test_a_customer_lists_what_they_follow(as_customer: Call, ticket: Ticket) -> None:
    make_ticket(team=ticket.team)
    assert [item["number"] for item in as_customer("GET", "/tickets").json()["items"]] == [ticket.pk]


def test_the_list_takes_conditions_and_refuses_nonsense(as_agent: Call, agent: User, ticket: Ticket) -> None:
    done = make_ticket(team=ticket.team)
    done.solve(by=agent)
    assert [i["number"] for i in as_agent("GET", "/tickets?q=status:solved").json()["items"]] == [done.pk]
    assert_problem(as_agent("GET", "/tickets?q=status:purple"), 400)


def test_pages_stay_right_while_tickets_come_in(as_agent: Call, team: Team) -> None:
    numbers = [make_ticket(team=team).pk for _ in range(5)]
    first = as_agent("GET", "/tickets?limit=2").json()
    make_ticket(team=team)
    seen = [item["number"] for item in first["items"]]
    cursor = first["next"]
    while cursor:
        page = as_agent("GET", f"/tickets?limit=2&cursor={cursor}").json()
        seen += [item["number"] for item in page["items"]]
        cursor = page["next"]
    assert seen == sorted(numbers, reverse=True)


@pytest.mark.parametrize("cursor", ["x", "YWZ0ZXI6MQ", "YmVmb3JlOi0x", "é"])
def test_a_cursor_that_is_not_ours_is_refused(as_agent: Call, cursor: str) -> None:
    assert_problem(as_agent("GET", f"/tickets?cursor={cursor}"), 400)


def test_the_list_costs_the_same_with_many_tickets(as_agent: Call, team: Team) -> None:
    def add() -> None:
        made = make_ticket(team=team)
        made.tag(by=made.requester, add=["heat", "hotel"])
        made.add_participant(make_customer(), by=made.requester)

    assert_constant_queries(lambda: as_agent("GET", "/tickets"), add)


def test_search_finds_by_words_within_sight(as_agent: Call, as_customer: Call, ticket: Ticket) -> None:
    hidden = make_ticket(subject="Thermostats elsewhere")
    found = as_agent("GET", "/search?q=thermostats").json()
    assert [hit["ticket"]["number"] for hit in found] == [ticket.pk]
    assert hidden.pk != ticket.pk
    assert [hit["ticket"]["number"] for hit in as_customer("GET", "/search?q=thermostats").json()] == [ticket.pk]


def test_a_ticket_is_opened_for_somebody_with_all_that_the_desk_can_say(as_agent: Call, team: Team) -> None:
    davide = make_agent(team)
    opened = as_agent(
        "POST", "/tickets", subject="Red light", text="It blinks.", team_id=team.pk, channel="phone",
        requester="elena@clinica.example", requester_name="Elena Dumitru", priority=4, type="incident",
        tags=["Red light"], cc=["luca@clinica.example", "elena@clinica.example"], assignee_id=davide.pk,
        note="She sounds worried.",
    ).json()  # fmt: skip
    assert (opened["status"], opened["assignee_id"], opened["tags"]) == ("open", davide.pk, ["red-light"])
    assert (opened["requester"]["name"], opened["channel"]) == ("Elena Dumitru", "phone")
    ticket = Ticket.objects.get()
    assert [person.address for person in ticket.participants.all()] == ["luca@clinica.example"]
    assert [message.kind for message in ticket.messages.order_by("id")] == ["public", "note"]


def test_who_does_not_answer_in_the_team_gets_no_new_ticket(as_agent: Call, team: Team) -> None:
    oliver = make_agent(make_team("Billing"), name="Oliver Hayes")
    given = {"subject": "S", "text": "T", "team_id": team.pk, "requester": "new@example.com"}
    refused = assert_problem(as_agent("POST", "/tickets", **given, assignee_id=oliver.pk), 422)
    assert refused["detail"] == "Oliver Hayes does not answer in First line."
    assert_problem(as_agent("POST", "/tickets", **given, cc=["nobody"]), 422)
    assert not Ticket.objects.exists() and not User.objects.customers().exists()


def test_whoever_cannot_have_a_ticket_is_told_of_the_same_field_however_it_was_asked(
    as_administrator: Call, ticket: Ticket
) -> None:
    oliver = make_agent(make_team("Billing"), name="Oliver Hayes")
    given = {"subject": "S", "text": "T", "team_id": ticket.team_id}
    for method, path, more in (("POST", "/tickets", given), ("PATCH", f"/tickets/{ticket.pk}", {})):
        for pk, said in (
            (oliver.pk, "Oliver Hayes does not answer in First line."),
            (10**9, "There is no such person."),
        ):
            refused = assert_problem(as_administrator(method, path, **more, assignee_id=pk), 422)
            assert refused["errors"] == [{"field": "assignee_id", "message": said}]


def test_what_does_not_exist_is_told_by_the_field_that_names_it(as_administrator: Call, ticket: Ticket) -> None:
    for field, wrong in (("team_id", 10**9), ("requester_id", 10**9), ("requester", "nobody")):
        refused = assert_problem(as_administrator("PATCH", f"/tickets/{ticket.pk}", **{field: wrong}), 422)
        assert [error["field"] for error in refused["errors"]] == [field]
