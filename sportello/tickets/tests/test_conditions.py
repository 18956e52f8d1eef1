"""What does a typed question mean, and what is said about one that means nothing?"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from sportello.people.models import Team, User
from sportello.people.testing import make_administrator, make_agent, make_customer, make_organisation, make_team
from sportello.tickets import conditions
from sportello.tickets.condition_fields import FIELDS
from sportello.tickets.conditions import Condition, Query, parse
from sportello.tickets.conversation import Words
from sportello.tickets.files import NewFile
from sportello.tickets.intake import NewTicket, open_ticket
from sportello.tickets.models import Ticket, TicketSeen
from sportello.tickets.testing import make_note, make_reply, make_ticket
from sportello.tickets.words import Priority

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 3, 12, tzinfo=UTC)


@pytest.fixture
def team() -> Team:
    return make_team("First line")


@pytest.fixture
def agent(team: Team) -> User:
    return make_agent(team, address="marta@desk.example")


def fitting(text: str, user: User) -> list[int]:
    query = parse(text, user)
    assert query.problems == (), query.problems
    return sorted(conditions.apply(Ticket.objects.visible_to(user), query, user).values_list("pk", flat=True))


def problems(text: str, user: User) -> tuple[str, ...]:
    return parse(text, user).problems


# reading


@pytest.mark.parametrize(
    ("text", "expected", "words"),
    [
        ("status:open", [Condition("status", ("open",))], ""),
        ("STATUS:open,waiting", [Condition("status", ("open", "waiting"))], ""),
        ("-tag:spam", [Condition("tag", ("spam",), True)], ""),
        ('team:"First line",billing cold', [Condition("team", ("First line", "billing"))], "cold"),
        ("team:“First line”", [Condition("team", ("First line",))], ""),
        ('team:"First li', [Condition("team", ("First li",))], ""),
        ("#48213", [Condition("number", ("48213",))], ""),
        ("-#48213 x", [Condition("number", ("48213",), True)], "x"),
        ('no heating "exact words" -not', [], 'no heating "exact words" -not'),
        (
            "12:30 https://example.com/x?a=b mailto:x@example.com",
            [],
            "12:30 https://example.com/x?a=b mailto:x@example.com",
        ),
        ("Re: heating", [], "Re: heating"),
        ("", [], ""),
        ('  -  " "  "" ', [], '" "'),
        ("a\0b", [], "ab"),
        ("status:open status:new", [Condition("status", ("open",)), Condition("status", ("new",))], ""),
    ],
)
def test_what_is_typed_is_read(agent: User, text: str, expected: list[Condition], words: str) -> None:
    query = parse(text, agent)
    assert list(query.conditions) == expected
    assert query.words.strip(' "') == words.strip(' "')


LETTERS = st.characters(exclude_characters='"“”„«»', exclude_categories=("Cs", "Cc", "Z"))
VALUE = st.text(LETTERS, min_size=1, max_size=8)
NAMES = st.sampled_from(sorted(FIELDS))


@given(
    st.lists(
        st.builds(Condition, NAMES, st.lists(VALUE, min_size=1, max_size=3).map(tuple), st.booleans()), max_size=3
    ),
    st.lists(st.sampled_from(["cold", '"no heating"', "-spam", "12:30", "漢字"]), max_size=3),
)
def test_a_question_written_out_is_the_same_question(conditions_: list[Condition], words: list[str]) -> None:
    text = str(Query(tuple(conditions_), " ".join(words)))
    agent = User(role="administrator")
    if len(text) <= conditions.LONGEST:
        again = parse(text, agent)
        assert again.conditions == tuple(conditions_)
        assert again.words == " ".join(words)
        assert str(again) == text


@given(st.text(max_size=200))
def test_no_text_is_an_error(text: str) -> None:
    """B088, B089."""
    administrator = make_administrator(address=f"{abs(hash(text))}@desk.example")
    query = parse(text, administrator)
    list(conditions.apply(Ticket.objects.visible_to(administrator), query, administrator))
    conditions.suggest(text, administrator)
    administrator.delete()


@pytest.mark.parametrize(
    "text",
    [
        "(((((",
        "*",
        '"unbalanced',
        "'; drop table tickets_ticket; --",
        "status:' or 1=1",
        "number:1e400",
        "number:²",
        "created:>9999-12-31",
        "created:<0001-01-01",
        "updated:<9999w",
        "word " * 10_000,
        "status:" + "open," * 10_000,
        "tag:a " * 1_000,
    ],
)
def test_nonsense_and_too_much_are_bounded(agent: User, text: str) -> None:
    make_ticket(team=agent.memberships.get().team)
    query = parse(text, agent)
    list(conditions.apply(Ticket.objects.visible_to(agent), query, agent))
    assert len(query.conditions) <= conditions.MOST_CONDITIONS
    assert Ticket.objects.count() == 1


# problems


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("stauts:open", "stauts is no known field. There are: assignee, channel, created"),
        ("status:opn", "opn is no known status. There are: active, any, new, open, waiting, on_hold, solved, closed."),
        ("priority:>huge", "huge is no known priority. There are: low, normal, high, urgent."),
        ("priority:>", "> is no known priority"),
        ("team:Second", "Second is no known team. There are: First line."),
        ("assignee:zacharias", "Nobody here is called zacharias."),
        ("requester:none", "Nobody here is called none."),
        ("organisation:nowhere", "No organisation is called nowhere."),
        ("tag:unheard", "There is no tag unheard."),
        ("has:love", "love is no known has. There are: attachment."),
        ("is:great", "great is no known is. There are: unread."),
        ("number:abc", "abc is no ticket number."),
        ("created:yesterday", "yesterday is no time. Write <2d, >12h, 2026-11-01 or >2026-11-01."),
        ("created:2026-02-30", "2026-02-30 is no time."),
        ("language:italian", "italian is no known language. There are: en, it, ro."),
        ("status:", "Say which status, such as: active, any, new"),
    ],
)
def test_what_is_not_known_is_said_with_what_exists(agent: User, text: str, sentence: str) -> None:
    (problem,) = problems(text, agent)
    assert problem.startswith(sentence)


def test_nothing_fits_a_question_with_a_problem(agent: User, team: Team) -> None:
    make_ticket(team=team)
    query = parse("status:any tag:unheard", agent)
    assert not conditions.apply(Ticket.objects.visible_to(agent), query, agent).exists()


def test_too_many_conditions_are_a_problem(agent: User) -> None:
    assert problems("status:open " * 21, agent) == ("At most 20 conditions fit in one question.",)


# meaning


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
    assert problems("assignee:marta@desk.example", stranger) == ("Nobody here is called marta@desk.example.",)
    assert hotel.people.count() == 1


# completion


def inserts(text: str, user: User) -> list[str]:
    return [suggestion.insert for suggestion in conditions.suggest(text, user)]


def test_fields_and_values_are_completed(agent: User, team: Team) -> None:
    make_team("Billing")
    ticket = make_ticket(team=team, requester=make_customer("ana@example.com", "Ana Ionescu"))
    ticket.tag(by=agent, add=["vpn", "vpn-access", "spam"])
    assert inserts("", agent) == [f"{name}:" for name in FIELDS]
    assert inserts("cold st", agent) == ["status:"]
    assert inserts("-ta", agent) == ["-tag:"]
    assert inserts("status:w", agent) == ["status:waiting"]
    assert inserts("status:open,ne", agent) == ["status:open,new"]
    assert inserts("-tag:vpn", agent) == ["-tag:vpn", "-tag:vpn-access"]
    assert inserts("x team:fi", agent) == ['team:"First line"']
    assert inserts('x team:"First l', agent) == ['team:"First line"']
    assert inserts("priority:>h", agent) == ["priority:>high"]
    assert inserts("assignee:", agent) == ["assignee:me", "assignee:none", "assignee:marta@desk.example"]
    assert inserts("assignee:mar", agent) == ["assignee:marta@desk.example"]
    assert inserts("requester:iones", agent) == []
    assert inserts("requester:ana", agent) == ["requester:ana@example.com"]
    assert inserts("nonsense:x", agent) == []
    assert inserts("heating", agent) == []


def test_labels_are_words_of_people(agent: User) -> None:
    labels = {s.insert: s.label for s in conditions.suggest("status:", agent)}
    assert labels["status:waiting"] == "Waiting for customer"
    assert labels["status:active"] == "Not solved"


def test_every_suggestion_is_understood(agent: User, team: Team) -> None:
    make_reply(make_ticket(team=team), agent)
    for name in FIELDS:
        for suggestion in conditions.suggest(f"{name}:", agent):
            assert problems(suggestion.insert, agent) == (), suggestion
