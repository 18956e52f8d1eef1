"""What stands in each queue, in which order, page by page, and how many are there?"""

from datetime import UTC, datetime

import pytest
import time_machine

from sportello.people.models import Team, User
from sportello.people.roles import Role
from sportello.people.testing import make_administrator, make_agent, make_customer, make_team
from sportello.tickets import conversation, queues
from sportello.tickets.conversation import Words
from sportello.tickets.models import SavedView, Ticket, TicketSeen
from sportello.tickets.paging import ORDERS
from sportello.tickets.queues import Queue
from sportello.tickets.testing import make_reply, make_ticket
from sportello.tickets.words import Priority

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 3, 12, tzinfo=UTC)


def chosen(user: User, key: str) -> Queue:
    found = queues.queue(user, key)
    assert found is not None
    return found


def numbers(user: User, key: str, **options: str) -> list[int]:
    return [ticket.pk for ticket in queues.page(user, chosen(user, key), **options).tickets]


def test_each_queue_holds_what_its_name_says(agent: User, team: Team) -> None:
    luca = make_agent(team)
    free, mine, his, solved = (make_ticket(team=team) for _ in range(4))
    foreign = make_ticket()
    mine.assign_to(agent, by=agent)
    his.assign_to(luca, by=luca)
    solved.solve(by=agent)
    assert numbers(agent, "mine") == [mine.pk]
    assert numbers(agent, "unassigned") == [free.pk]
    assert numbers(agent, "all") == numbers(agent, f"team-{team.pk}") == [free.pk, mine.pk, his.pk]
    assert numbers(agent, "recent") == [solved.pk, his.pk, mine.pk, free.pk]
    assert numbers(agent, "solved") == [solved.pk]
    assert foreign.pk in numbers(make_administrator(), "all")


def test_a_light_agent_sees_the_queues_of_their_team(team: Team) -> None:
    ticket = make_ticket(team=team)
    assert numbers(make_agent(team, role=Role.LIGHT_AGENT), "all") == [ticket.pk]


@pytest.mark.parametrize("key", ["", "nonsense", "team-", "team-x", "team-0", "team-²", "saved-1", "saved-" + "9" * 40])
def test_there_is_no_other_queue(agent: User, key: str) -> None:
    assert queues.queue(agent, key) is None


def test_other_teams_and_other_peoples_views_are_no_queue_of_mine(agent: User, team: Team) -> None:
    stranger = make_agent(make_team())
    view = SavedView.objects.create(name="Hers", owner=agent)
    assert queues.queue(stranger, f"team-{team.pk}") is None
    assert queues.queue(stranger, f"saved-{view.pk}") is None
    assert chosen(agent, f"saved-{view.pk}").title == "Hers"


def test_a_saved_view_has_its_own_conditions_and_sort(agent: User, team: Team) -> None:
    low, high = make_ticket(team=team, priority=Priority.LOW), make_ticket(team=team, priority=Priority.HIGH)
    solved = make_ticket(team=team)
    solved.solve(by=agent)
    urgent = SavedView.objects.create(name="Urgent", owner=agent, query="priority:>normal")
    done = SavedView.objects.create(name="Done", owner=agent, query="status:solved", sort="updated")
    everything = SavedView.objects.create(name="All", owner=agent, query="", sort="arrival")
    assert numbers(agent, f"saved-{urgent.pk}") == [high.pk]
    assert numbers(agent, f"saved-{done.pk}") == [solved.pk]
    assert numbers(agent, f"saved-{everything.pk}") == [low.pk, high.pk]


def test_a_saved_view_that_names_what_is_gone_holds_nothing_and_says_so(agent: User, team: Team) -> None:
    """B098: never guessed."""
    make_ticket(team=team)
    view = SavedView.objects.create(name="Old", owner=agent, query="tag:gone")
    page = queues.page(agent, chosen(agent, f"saved-{view.pk}"))
    assert (page.tickets, page.problems) == ([], ("There is no tag gone.",))
    assert queues.counts(agent, [view])[f"saved-{view.pk}"] == 0


def test_typed_conditions_narrow_a_queue(agent: User, team: Team) -> None:
    cold, warm = make_ticket(team=team, text="Cold."), make_ticket(team=team, text="Warm.")
    solved = make_ticket(team=team, text="Cold.")
    solved.solve(by=agent)
    assert numbers(agent, "all", text="cold") == [cold.pk]
    assert numbers(agent, "all", text="cold status:any") == [cold.pk, solved.pk]
    assert numbers(agent, "all", text=f"#{solved.pk}") == [solved.pk]
    assert numbers(agent, "unassigned", text="-cold") == [warm.pk]
    assert (
        queues.page(agent, chosen(agent, "all"), text="stauts:new")
        .problems[0]
        .startswith("stauts is not a known field")
    )


def test_the_three_sorts(agent: User, team: Team) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        made = []
        for priority in (Priority.NORMAL, Priority.URGENT, Priority.NORMAL, Priority.URGENT):
            made.append(make_ticket(team=team, priority=priority).pk)
            clock.shift(60)
        a, b, c, d = made
        Ticket.objects.get(pk=b).tag(by=agent, add=["vpn"])
    assert numbers(agent, "all", sort="urgency") == [b, d, a, c]
    assert numbers(agent, "all", sort="arrival") == [a, b, c, d]
    assert numbers(agent, "all", sort="updated") == [b, d, c, a]
    assert numbers(agent, "all", sort="nonsense") == [b, d, a, c]


def test_what_is_still_to_do_comes_first(agent: User, team: Team) -> None:
    done, urgent, normal = (make_ticket(team=team, priority=p) for p in (Priority.URGENT, Priority.URGENT, 2))
    done.solve(by=agent)
    assert numbers(agent, "all", text="status:any") == [urgent.pk, normal.pk, done.pk]


@pytest.mark.parametrize("sort", list(ORDERS))
def test_pages_follow_each_other_without_gap_or_repeat(
    agent: User, team: Team, sort: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where many share a priority or came in the same moment, and where the place of the cursor has moved on."""
    monkeypatch.setattr(queues, "PAGE", 3)
    requester = make_customer()
    with time_machine.travel(NOON, tick=False) as clock:
        for number in range(11):
            make_ticket(team=team, requester=requester, priority=[1, 2, 2, 4][number % 4])
            clock.shift([0, 0, 60][number % 3])
    for ticket in Ticket.objects.all()[:4]:
        ticket.solve(by=agent)
    order = ORDERS[sort]
    expected = list(Ticket.objects.order_by(*order.as_fields()).values_list("pk", flat=True))
    walked: list[int] = []
    after = ""
    for _ in range(4):
        page = queues.page(agent, chosen(agent, "all"), text="status:any", sort=sort, after=after)
        walked += [ticket.pk for ticket in page.tickets]
        after = page.next
    assert walked == expected
    assert after == ""


@pytest.mark.parametrize(
    "cursor",
    ["x", "W10", "e30", "bnVsbA", "WzEsMiwzLDRd", "a" * 10_000, "é", "WyJhIiwiYiIsImMiLCJkIl0", "W1tbW1tb", "\0"],
)
def test_a_cursor_that_is_not_ours_begins_at_the_top(agent: User, team: Team, cursor: str) -> None:
    ticket = make_ticket(team=team)
    for sort in ORDERS:
        assert numbers(agent, "all", sort=sort, after=cursor) == [ticket.pk]


def test_the_tickets_before_and_after(agent: User, team: Team) -> None:
    first, second, third = (make_ticket(team=team) for _ in range(3))
    queue = chosen(agent, "all")
    assert queues.neighbours(agent, queue, first) == (None, second.pk)
    assert queues.neighbours(agent, queue, second) == (first.pk, third.pk)
    assert queues.neighbours(agent, queue, third) == (second.pk, None)
    assert queues.neighbours(agent, queue, second, sort="updated") == (third.pk, first.pk)
    assert queues.neighbours(agent, queue, second, text=f"-#{third.pk}") == (first.pk, None)


def test_a_ticket_that_has_left_the_queue_still_knows_its_neighbours(agent: User, team: Team) -> None:
    first, second, third = (make_ticket(team=team) for _ in range(3))
    second.assign_to(agent, by=agent)
    assert queues.neighbours(agent, chosen(agent, "unassigned"), second) == (first.pk, third.pk)


def test_counts(agent: User, team: Team) -> None:
    luca, second = make_agent(team), make_team()
    join_second = make_agent(team, second)
    free, mine, his, solved = (make_ticket(team=team) for _ in range(4))
    other = make_ticket(team=second)
    mine.assign_to(agent, by=agent)
    his.assign_to(luca, by=luca)
    solved.solve(by=agent)
    view = SavedView.objects.create(name="Mine", owner=agent, query="assignee:me status:any")
    assert queues.counts(agent, [view]) == {
        "mine": 1,
        "unassigned": 1,
        "all": 3,
        f"team-{team.pk}": 3,
        f"saved-{view.pk}": 2,
    }
    assert queues.counts(join_second)["all"] == 4
    assert queues.counts(make_administrator())[f"team-{second.pk}"] == 1
    assert queues.counts(make_agent()) == {"mine": 0, "unassigned": 0, "all": 0}
    assert {free.pk, other.pk} == set(numbers(join_second, "unassigned"))


def test_counts_end_at_a_cap(agent: User, team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queues, "CAP", 2)
    for _ in range(3):
        make_ticket(team=team)
    view = SavedView.objects.create(name="All", owner=agent)
    assert set(queues.counts(agent, [view]).values()) == {0, 2}


def test_a_count_equals_what_the_queue_holds(agent: User, team: Team) -> None:
    for number in range(7):
        ticket = make_ticket(team=team)
        ticket.assign_to([None, agent, None][number % 3], by=agent)
    counted = queues.counts(agent)
    for key in ("mine", "unassigned", "all", f"team-{team.pk}"):
        assert counted[key] == len(numbers(agent, key))


def test_unread_until_looked_at_and_again_when_the_customer_speaks(agent: User, team: Team) -> None:
    """The rule: somebody on the customer's side spoke since the person looked, and it is theirs or nobody's yet."""
    with time_machine.travel(NOON, tick=False) as clock:
        ticket, his = make_ticket(team=team), make_ticket(team=team)
        his.assign_to(make_agent(team), by=agent)

        def unread() -> set[int]:
            return queues.unread_ids(agent, list(Ticket.objects.all()))

        assert unread() == {ticket.pk}
        clock.shift(1)
        TicketSeen.mark(ticket.pk, agent.pk)
        assert unread() == set()
        clock.shift(1)
        make_reply(ticket, agent)
        assert unread() == set()
        clock.shift(1)
        conversation.receive(ticket, Words(text="Still cold."), by=ticket.requester, channel="email")
        assert unread() == {ticket.pk}
        clock.shift(1)
        TicketSeen.mark(ticket.pk, agent.pk)
        assert unread() == set()


def test_a_page_costs_the_same_with_one_as_with_fifty(
    agent: User, team: Team, django_assert_num_queries: object
) -> None:
    agent.has_right("view", team.pk)  # type: ignore[arg-type]  # a right's value
    queue = chosen(agent, "all")
    make_ticket(team=team).tag(by=agent, add=["vpn"])
    for _ in range(2):
        with django_assert_num_queries(4):  # type: ignore[operator]  # a fixture without a type of its own
            page = queues.page(agent, queue)
            queues.unread_ids(agent, page.tickets)
            for ticket in page.tickets:
                assert str(ticket.requester)
                assert ticket.tag_names == ["vpn"]
                assert str(ticket.assignee) + str(ticket.organisation) + str(ticket.team_id)
        for _ in range(10):
            make_ticket(team=team).tag(by=agent, add=["vpn"])
