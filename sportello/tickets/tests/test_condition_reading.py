"""How is a typed question read, what is said about one that means nothing, and how does one go on?"""

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from sportello.people.models import Team, User
from sportello.people.testing import make_administrator, make_customer, make_team
from sportello.tickets import conditions
from sportello.tickets.condition_fields import FIELDS
from sportello.tickets.conditions import Condition, Query, parse
from sportello.tickets.models import Ticket
from sportello.tickets.testing import make_reply, make_ticket
from sportello.tickets.words import Status

pytestmark = pytest.mark.django_db


def problems(text: str, user: User) -> tuple[str, ...]:
    return parse(text, user).problems


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
        ("stauts:open", "stauts is not a known field. Choose from: assignee, channel, created"),
        (
            "status:opn",
            'opn is not a known status. Choose from: "Not solved", Any, New, Open, "Waiting for customer", "On hold", '
            "Solved, Closed.",
        ),
        ("priority:>huge", "huge is not a known priority. Choose from: Low, Normal, High, Urgent."),
        ("type:riddle", "riddle is not a known type. Choose from: Question, Incident, Problem, Task."),
        ("priority:>", "> is not a known priority"),
        ("team:Second", "Second is not a known team. Choose from: First line."),
        ("assignee:zacharias", "Nobody here is called zacharias."),
        ("requester:none", "Nobody here is called none."),
        ("organisation:nowhere", "No organisation is called nowhere."),
        ("tag:unheard", "There is no tag unheard."),
        ("has:love", "love is not a known has. Choose from: attachment."),
        ("is:great", "great is not a known is. Choose from: unread."),
        ("number:abc", "abc is not a ticket number."),
        ("created:yesterday", "yesterday is not a date. Write <2d, >12h, 2026-11-01 or >2026-11-01."),
        ("created:2026-02-30", "2026-02-30 is not a date."),
        ("language:italian", "italian is not a known language. Choose from: en, it, ro."),
        ("status:", 'Say which status, such as: "Not solved", Any, New'),
    ],
)
def test_what_is_not_known_is_said_with_what_exists(agent: User, text: str, sentence: str) -> None:
    (problem,) = problems(text, agent)
    assert problem.startswith(sentence)


@pytest.mark.parametrize(("language", "on_hold"), [("en", "On hold"), ("it", "Sospeso"), ("ro", "Suspendat")])
def test_what_exists_is_named_as_people_see_it_and_can_be_typed_so(agent: User, language: str, on_hold: str) -> None:
    with translation.override(language):
        (problem,) = problems("status:opn", agent)
        assert on_hold in problem and "on_hold" not in problem
        for label in map(str, Status.labels):
            assert (f'"{label}"' if " " in label else label) in problem
            assert problems(f'status:"{label}"', agent) == ()


def test_nothing_fits_a_question_with_a_problem(agent: User, team: Team) -> None:
    make_ticket(team=team)
    query = parse("status:any tag:unheard", agent)
    assert not conditions.apply(Ticket.objects.visible_to(agent), query, agent).exists()


def test_too_many_conditions_are_a_problem(agent: User) -> None:
    assert problems("status:open " * 21, agent) == ("At most 20 conditions fit in one search.",)


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
