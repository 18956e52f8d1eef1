"""Does everybody find what they may see, by number, words, name and address, and nothing else?"""

import pytest

from sportello.people.models import User
from sportello.people.testing import make_administrator, make_agent, make_customer, make_organisation, make_team
from sportello.tickets import conversation
from sportello.tickets.finding import Found, find_tickets, snippet_of
from sportello.tickets.following import followed_saying
from sportello.tickets.models import Ticket
from sportello.tickets.testing import make_note, make_reply, make_ticket

pytestmark = pytest.mark.django_db


def numbers(user: User, text: str, limit: int = 50) -> list[int]:
    return [found.ticket.pk for found in find_tickets(user, text, limit=limit)]


def test_a_colleague_finds_a_ticket_by_everything_that_names_it() -> None:
    make_organisation("Hotel Carpatica", "carpatica.example")
    ana = make_customer("ana.ionescu@carpatica.example", "Ana Ionescu")
    ticket = make_ticket(
        subject="Thermostats offline",
        requester=ana,
        text="Since ORD-00047514 fourteen rooms are cold. Încălzire! 暖房なし",
    )
    make_ticket(team=ticket.team)
    agent = make_agent(ticket.team)
    make_reply(ticket, agent, "The valve is closed.")
    make_note(ticket, agent, "Gateway G7 is old.")
    for text in (
        str(ticket.pk),
        f"#{ticket.pk}",
        f" {ticket.pk} ",
        "thermostats off",
        "fourteen",
        "valve closed",
        "gateway",
        "incalzire",
        "47514",
        "ORD-00047514",
        "ionescu",
        "ANA ION",
        "ana.ionescu@carpatica.example",
        "carpatica",
        "暖房",
        '"rooms are cold"',
    ):
        assert ticket.pk in numbers(agent, text), text


def test_an_exact_number_comes_first_then_the_newest() -> None:
    team = make_team()
    agent = make_agent(team)
    first = make_ticket(team=team)
    saying = [make_ticket(team=team, text=f"Same as {first.pk}") for _ in range(3)]
    assert numbers(agent, str(first.pk)) == [first.pk, *(t.pk for t in reversed(saying))]
    assert [found.why for found in find_tickets(agent, str(first.pk))] == ["number", "words", "words", "words"]


def test_the_newest_tickets_of_a_person_are_found() -> None:
    team = make_team()
    ana = make_customer("ana@example.com", "Ana Ionescu")
    tickets = [make_ticket(team=team, requester=ana) for _ in range(3)]
    agent = make_agent(team)
    assert numbers(agent, "ionescu") == [t.pk for t in reversed(tickets)]
    assert numbers(agent, "ionescu", limit=2) == [tickets[2].pk, tickets[1].pk]
    ana.rename("Ana Vlad")
    assert numbers(agent, "vlad") == [t.pk for t in reversed(tickets)]
    assert {found.why for found in find_tickets(agent, "vlad")} == {"person"}


@pytest.mark.parametrize(
    "text", ["", "   ", "\0", "nothing says this", "#", "#999999999999999999", '"', "-cold", "*", "((("]
)
def test_nonsense_finds_nothing(text: str) -> None:
    ticket = make_ticket()
    assert numbers(make_agent(ticket.team), text) == []


def test_much_text_is_no_error() -> None:
    ticket = make_ticket(text="cold " * 1000)
    assert numbers(make_agent(ticket.team), "cold " * 10_000) == [ticket.pk]


def test_other_teams_tickets_are_not_found() -> None:
    ticket = make_ticket(text="Radiators.", requester=make_customer("ana@example.com", "Ana Ionescu"))
    stranger = make_agent(make_team())
    for text in (str(ticket.pk), "radiators", "ionescu", "ana@example.com"):
        assert numbers(stranger, text) == [], text
    assert numbers(make_agent(), "radiators") == []
    assert numbers(make_administrator(), "radiators") == [ticket.pk]


def test_a_moved_ticket_is_found_in_its_new_team_only() -> None:
    ticket, other = make_ticket(text="Radiators."), make_team()
    before, after = make_agent(ticket.team), make_agent(other)
    ticket.move_to(other, by=before)
    assert numbers(before, "radiators") == []
    assert numbers(after, "radiators") == [ticket.pk]


def test_customers_find_what_they_follow_as_far_as_they_may_read() -> None:
    ticket, foreign = make_ticket(text="Radiators."), make_ticket(text="Radiators.")
    ana, agent = ticket.requester, make_agent(ticket.team)
    make_note(ticket, agent, "Secret gateway.")
    make_reply(ticket, agent, "Held words.", undo_seconds=60)
    withdrawn = make_reply(ticket, agent, "Withdrawn words.", undo_seconds=60)
    conversation.withdraw(withdrawn, by=agent)
    make_reply(ticket, agent, "Public answer.")
    assert numbers(ana, "radiators") == numbers(ana, str(ticket.pk)) == numbers(ana, "answer") == [ticket.pk]
    for text in ("gateway", "held", "withdrawn", str(foreign.pk), "munteanu secret"):
        assert numbers(ana, text) == [], text
    assert list(followed_saying("radiators", ana)) == [ticket]
    for text in ("gateway", "held", "withdrawn"):
        assert not followed_saying(text, ana).exists(), text
    assert numbers(agent, "gateway") == numbers(agent, "held") == [ticket.pk]


def test_the_inactive_find_nothing() -> None:
    ticket = make_ticket(text="Radiators.")
    for user in (make_agent(ticket.team), ticket.requester, make_administrator()):
        user.is_active = False
        assert numbers(user, "radiators") == numbers(user, str(ticket.pk)) == []


def test_the_words_are_shown_where_they_were_said() -> None:
    long = "word " * 100 + "the Încălzire is cold " + "word " * 100
    ticket = make_ticket(text=long)
    (found,) = find_tickets(make_agent(ticket.team), "incalzire col")
    assert found.snippet.startswith("… word word word word word the Încălzire is cold word")
    assert found.snippet.endswith(" …")
    assert [piece for piece, marked in found.pieces if marked] == ["Încălzire", "cold"]
    assert "".join(piece for piece, _marked in found.pieces) == found.snippet


def test_a_heading_that_says_the_words_shows_the_excerpt() -> None:
    ticket = make_ticket(subject="Thermostats", text="It is cold.")
    assert [(f.snippet, f.why) for f in find_tickets(make_agent(ticket.team), "thermostats")] == [
        ("It is cold.", "words")
    ]


def test_a_snippet_of_nothing() -> None:
    assert snippet_of("", ("x",)) == ""
    assert Found(Ticket(), "", "words").pieces == [("", False)]
    assert len(snippet_of("x" * 1_000_000, ("x",))) == 80


def test_finding_costs_the_same_with_many(django_assert_max_num_queries: object) -> None:
    team = make_team()
    agent = make_agent(team)
    for _ in range(12):
        make_ticket(team=team, requester=make_customer(name="Ana Cold"), text="cold")
    agent.has_right("view", team.pk)  # type: ignore[arg-type]  # a right's value
    with django_assert_max_num_queries(12):  # type: ignore[operator]  # a fixture without a type of its own
        assert len(numbers(agent, "cold")) == 12
