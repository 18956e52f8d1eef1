"""Which tickets does a typed question mean?"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from sportello.kernel.search import index
from sportello.people.models import Team, User
from sportello.people.testing import make_administrator, make_agent, make_customer, make_organisation, make_team
from sportello.tickets import conditions, conversation
from sportello.tickets.conditions import parse
from sportello.tickets.conversation import Words
from sportello.tickets.files import NewFile
from sportello.tickets.intake import NewTicket, open_ticket
from sportello.tickets.models import Ticket, TicketSeen
from sportello.tickets.saying import HEADING
from sportello.tickets.testing import make_note, make_ticket
from sportello.tickets.words import Priority

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 3, 12, tzinfo=UTC)


def fitting(text: str, user: User) -> list[int]:
    query = parse(text, user)
    assert query.problems == (), query.problems
    return sorted(conditions.apply(Ticket.objects.visible_to(user), query, user).values_list("pk", flat=True))


def problems(text: str, user: User) -> tuple[str, ...]:
    return parse(text, user).problems


def test_status_and_its_groups(agent: User, team: Team) -> None:
    new, waiting, solved, closed = (make_ticket(team=team) for _ in range(4))
    waiting.wait(by=agent)
    solved.solve(by=agent)
    closed.solve(by=agent)
    closed.close(by=agent)
    everything = [new.pk, waiting.pk, solved.pk, closed.pk]
    assert fitting("status:new", agent) == [new.pk]
    assert fitting("status:on-hold,waiting", agent) == [waiting.pk]
    assert fitting("status:active", agent) == [new.pk, waiting.pk]
    assert fitting("status:solved,closed", agent) == [solved.pk, closed.pk]
    assert fitting("status:new,closed", agent) == [new.pk, closed.pk]
    assert fitting("status:active,solved", agent) == [new.pk, waiting.pk, solved.pk]
    assert fitting("status:any", agent) == everything
    assert fitting("-status:waiting,solved", agent) == [new.pk, closed.pk]
    assert fitting("status:new status:waiting", agent) == []
    assert fitting("", agent) == everything


def test_a_question_says_whether_it_chooses_the_status(agent: User) -> None:
    chooses = {text: parse(text, agent).names_status for text in ("status:any", "#7", "solved:<1d", "-status:new", "x")}
    assert chooses == {"status:any": True, "#7": True, "solved:<1d": True, "-status:new": False, "x": False}


def test_teams_by_name_and_number(agent: User, team: Team) -> None:
    other = make_team("Billing")
    mine, theirs = make_ticket(team=team), make_ticket(team=other)
    administrator = make_administrator()
    assert fitting('team:"first LINE"', administrator) == [mine.pk]
    assert fitting(f"team:{other.pk}", administrator) == [theirs.pk]
    assert fitting("-team:billing", administrator) == [mine.pk]
    assert fitting("team:billing", agent) == []


def test_assignee(agent: User, team: Team) -> None:
    luca = make_agent(team, name="Luca Bianchi", address="luca@desk.example")
    free, mine, his = (make_ticket(team=team) for _ in range(3))
    mine.assign_to(agent, by=agent)
    his.assign_to(luca, by=agent)
    assert fitting("assignee:me", agent) == [mine.pk]
    assert fitting("assignee:none", agent) == [free.pk]
    assert fitting("assignee:luca", agent) == fitting("assignee:LUCA@desk.example", agent) == [his.pk]
    assert fitting("assignee:me,none", agent) == [free.pk, mine.pk]
    assert fitting("-assignee:me", agent) == [free.pk, his.pk]
    assert fitting("-assignee:none", agent) == [mine.pk, his.pk]
    assert fitting("assignee:me", luca) == [his.pk]


def test_requester_and_organisation(agent: User, team: Team) -> None:
    make_organisation("Hotel Carpatica", "carpatica.example")
    ana = make_customer("ana@carpatica.example", "Ana Ionescu")
    hers, other = make_ticket(team=team, requester=ana), make_ticket(team=team)
    assert fitting("requester:ionescu", agent) == [hers.pk]
    assert fitting("requester:ana@carpatica.example", agent) == [hers.pk]
    assert fitting('organisation:"carpatica"', agent) == [hers.pk]
    assert fitting("organisation:none", agent) == [other.pk]
    assert fitting("-organisation:carpatica", agent) == [other.pk]


def test_priority_above_and_below(agent: User, team: Team) -> None:
    low, normal, high, urgent = (make_ticket(team=team, priority=p).pk for p in Priority)
    assert fitting("priority:high", agent) == [high]
    assert fitting("priority:>normal", agent) == [high, urgent]
    assert fitting("priority:<high", agent) == [low, normal]
    assert fitting("priority:low,>high", agent) == [low, urgent]


def test_type_channel_and_language(agent: User, team: Team) -> None:
    phone = make_ticket(team=team, channel="phone", type="incident", requester=make_customer(language="ro"))
    mail = make_ticket(team=team)
    for text in ("channel:phone", "type:incident", "language:RO", "-channel:email"):
        assert fitting(text, agent) == [phone.pk], text
    assert fitting("language:en,it", agent) == [mail.pk]


def test_tags(agent: User, team: Team) -> None:
    vpn, both, none = (make_ticket(team=team) for _ in range(3))
    vpn.tag(by=agent, add=["vpn access"])
    both.tag(by=agent, add=["vpn access", "spam"])
    assert fitting('tag:"VPN access"', agent) == [vpn.pk, both.pk]
    assert fitting("tag:vpn-access tag:spam", agent) == [both.pk]
    assert fitting("tag:vpn-access -tag:spam", agent) == [vpn.pk]
    assert fitting("-tag:spam,vpn-access", agent) == [none.pk]


def test_numbers(agent: User, team: Team) -> None:
    first, second, third = (make_ticket(team=team).pk for _ in range(3))
    assert fitting(f"#{first}", agent) == fitting(f"number:{first}", agent) == [first]
    assert fitting(f"number:#{first},{second}", agent) == [first, second]
    assert fitting(f"-#{first}", agent) == [second, third]
    assert fitting("#999999999999999999", agent) == []


def test_attachments(agent: User, team: Team) -> None:
    file = NewFile("plan.pdf", b"%PDF-", "application/pdf")
    with_file = open_ticket(NewTicket("Plan", make_customer(), team, Words(text="Here.", files=[file])))
    without = make_ticket(team=team)
    assert fitting("has:attachment", agent) == [with_file.pk]
    assert fitting("-has:attachment", agent) == [without.pk]


def test_unread_is_what_a_customer_said_last_on_mine_and_nobodys(agent: User, team: Team) -> None:
    luca = make_agent(team)
    with time_machine.travel(NOON, tick=False) as clock:
        new, mine, his = (make_ticket(team=team) for _ in range(3))
        mine.assign_to(agent, by=agent)
        his.assign_to(luca, by=luca)
        clock.shift(1)
        assert fitting("is:unread", agent) == [new.pk, mine.pk]
        TicketSeen.mark(mine.pk, agent.pk)
        assert fitting("is:unread", agent) == [new.pk]
        assert fitting("-is:unread", agent) == [mine.pk, his.pk]
        assert fitting("is:unread", luca) == [new.pk, his.pk]


@pytest.fixture
def rome() -> Iterator[None]:
    with timezone.override("Europe/Rome"):
        yield


@pytest.mark.usefixtures("rome")
def test_times(agent: User, team: Team) -> None:
    """The day is the reader's: 23:30 UTC on 31 October is already 1 November in Rome."""
    moments = ["2026-10-30T12:00", "2026-10-31T23:30", "2026-11-01T22:59", "2026-11-01T23:00"]
    early, night, evening, next_day = (_opened_at(team, moment) for moment in moments)
    assert fitting("created:2026-11-01", agent) == [night, evening]
    assert fitting("created:<2026-11-01", agent) == [early]
    assert fitting("created:>2026-11-01", agent) == [next_day]
    assert fitting("-created:2026-11-01", agent) == [early, next_day]
    with time_machine.travel("2026-11-02T00:00Z", tick=False):
        assert fitting("created:<2h", agent) == [evening, next_day]
        assert fitting("created:>1d", agent) == [early, night]
        assert fitting("updated:<1w", agent) == [early, night, evening, next_day]


def _opened_at(team: Team, moment: str) -> int:
    with time_machine.travel(f"{moment}Z", tick=False):
        return make_ticket(team=team).pk


@pytest.mark.usefixtures("rome")
def test_the_day_on_which_the_clock_goes_back_has_25_hours(agent: User, team: Team) -> None:
    first, last, after = (_opened_at(team, m) for m in ("2026-10-24T22:00", "2026-10-25T22:59", "2026-10-25T23:00"))
    assert fitting("created:2026-10-25", agent) == [first, last]
    assert fitting("created:>2026-10-25", agent) == [after]


def test_solved(agent: User, team: Team) -> None:
    with time_machine.travel(NOON - timedelta(days=5), tick=False):
        old, open_ = make_ticket(team=team), make_ticket(team=team)
        old.solve(by=agent)
    with time_machine.travel(NOON, tick=False):
        fresh = make_ticket(team=team)
        fresh.solve(by=agent)
        assert fitting("solved:<2d", agent) == [fresh.pk]
        assert fitting("solved:>2d", agent) == [old.pk]
        assert fitting("-solved:<2d", agent) == [old.pk, open_.pk]


def test_words_are_searched_for_in_what_the_person_may_read(agent: User, team: Team) -> None:
    ana = make_customer("ana@example.com")
    cold = make_ticket(team=team, requester=ana, text="The radiators stay cold.")
    warm = make_ticket(team=team, requester=ana, text="Too warm.")
    foreign = make_ticket(text="The radiators stay cold.")
    make_note(warm, agent, "Radiators were bled.")
    assert fitting("radiators", agent) == [cold.pk, warm.pk]
    assert fitting('"radiators stay"', agent) == [cold.pk]
    assert fitting("radiators -cold", agent) == [warm.pk]
    assert fitting("-cold", agent) == [warm.pk]
    assert fitting("radiators status:solved", agent) == []
    assert fitting("radiators", ana) == [cold.pk]
    assert fitting("bled", ana) == []
    assert fitting("bled", make_administrator()) == [warm.pk]
    assert foreign.pk in fitting("radiators", make_administrator())


def test_customers_ask_only_about_themselves_and_their_own(agent: User, team: Team) -> None:
    hotel = make_organisation("Hotel Carpatica", "carpatica.example")
    ana = make_customer("ana@carpatica.example", "Ana Ionescu")
    ticket = make_ticket(team=team, requester=ana)
    ticket.tag(by=agent, add=["vip-complains"])
    assert fitting("requester:ionescu organisation:carpatica", ana) == [ticket.pk]
    stranger = make_customer("x@example.com", "Xenia")
    assert problems("requester:ionescu", stranger) == ("Nobody here is called ionescu.",)
    assert problems("organisation:carpatica", stranger) == ("No organisation is called carpatica.",)
    assert hotel.people.count() == 1


@pytest.mark.parametrize("text", ["tag:vip", "-tag:vip", "assignee:none", "assignee:me", "is:unread"])
def test_customers_ask_nothing_about_what_the_desk_keeps_to_itself(agent: User, team: Team, text: str) -> None:
    ticket = make_ticket(team=team)
    ticket.tag(by=agent, add=["vip"])
    assert fitting(text, agent) in ([], [ticket.pk])
    (problem,) = problems(text, ticket.requester)
    name = text.strip("-").partition(":")[0]
    assert problem.startswith(f"{name} is not a known field. Choose from: channel, created, has, language, number,")


def test_a_file_of_a_note_is_none_for_a_customer(agent: User, team: Team) -> None:
    ticket = make_ticket(team=team)
    file = NewFile("secret.txt", b"42", "text/plain")
    conversation.note(ticket, Words(text="Look.", files=[file]), by=agent)
    assert fitting("has:attachment", agent) == [ticket.pk]
    assert fitting("has:attachment", ticket.requester) == []
    conversation.receive(ticket, Words(text="See.", files=[file]), by=ticket.requester, channel="email")
    assert fitting("has:attachment", ticket.requester) == [ticket.pk]


def test_a_word_counts_every_ticket_that_says_it_and_a_minus_hides_each(agent: User, team: Team) -> None:
    silent = make_ticket(team=team, subject="Boiler", text="It drips.")
    columns = {name: value for name, value in vars(silent).items() if name[0] != "_" and name != "id"}
    saying = Ticket.objects.bulk_create(Ticket(**columns) for _ in range(1_100))
    for ticket in saying:
        index(HEADING, ticket.pk, container=ticket.pk, scope=team.pk, text="No heating")
    assert len(fitting("heating", agent)) == 1_100
    assert fitting("-heating", agent) == fitting("-heating -sauna", agent) == [silent.pk]


def test_so_many_words_as_the_index_looks_for_fit_and_no_more(agent: User) -> None:
    assert problems(" ".join(f"-word{n}" for n in range(16)), agent) == ()
    assert problems(" ".join(f"-word{n}" for n in range(17)), agent) == ("At most 16 words fit in one search.",)
