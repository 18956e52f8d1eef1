"""Does a customer find their own requests, and nobody those of others?"""

import pytest
from django.test import Client

from sportello.channels.testing import Letter
from sportello.kernel.jobs.testing import run_jobs
from sportello.kernel.models import Job
from sportello.people.models import Team, User
from sportello.people.testing import make_agent, make_customer, make_team
from sportello.tickets.testing import make_note, make_reply, make_ticket
from tests.queries import assert_constant_queries

pytestmark = pytest.mark.django_db


@pytest.fixture
def team() -> Team:
    return make_team("Heating")


@pytest.fixture
def andrei() -> User:
    return make_customer("andrei@example.com")


@pytest.fixture
def known(andrei: User) -> Client:
    client = Client()
    client.force_login(andrei)
    return client


def test_the_first_page_greets_and_offers_topics(client: Client, team: Team) -> None:
    make_team("Invoices", topic_hint="Copies, payments", topic_icon="invoice")
    make_team("Second level", is_offered=False)
    page = client.get("/").content.decode()
    assert "What can we put right?" in page
    assert f'href="/requests/new/?topic={team.pk}"' in page
    assert "Copies, payments" in page
    assert "#icon-invoice" in page
    assert "Second level" not in page


def test_the_first_page_shows_what_is_open(known: Client, team: Team, andrei: User) -> None:
    mine = make_ticket(team=team, requester=andrei, subject="My valve")
    make_ticket(team=team, subject="Of somebody else")
    solved = make_ticket(team=team, requester=andrei, subject="Long done")
    solved.solve(by=make_agent(team))
    page = known.get("/").content.decode()
    assert "Andrei." in page
    assert f'href="/requests/{mine.pk}/"' in page
    assert "Of somebody else" not in page
    assert "Long done" not in page


def test_an_empty_first_page_works(client: Client) -> None:
    assert client.get("/").status_code == 200


def test_my_requests_are_mine_open_or_solved(known: Client, team: Team, andrei: User) -> None:
    make_ticket(team=team, requester=andrei, subject="Still cold")
    make_ticket(team=team, requester=andrei, subject="Warm again").solve(by=make_agent(team))
    make_ticket(team=team, subject="Of somebody else")
    shown = {show: known.get(f"/requests/?show={show}").content.decode() for show in ("open", "solved", "all", "x")}
    assert [("Still cold" in page, "Warm again" in page) for page in shown.values()] == [
        (True, False),
        (False, True),
        (True, True),
        (True, False),
    ]
    assert not any("Of somebody else" in page for page in shown.values())


@pytest.mark.parametrize("page", ["2", "-1", "x", "99999999999999999999", "\0"])
def test_any_page_number_shows_a_page(known: Client, team: Team, andrei: User, page: str) -> None:
    for number in range(17):
        make_ticket(team=team, requester=andrei, subject=f"Valve {number}")
    answer = known.get("/requests/", {"page": page})
    assert answer.status_code == 200
    assert "Valve" in answer.content.decode()


def test_own_words_and_answers_are_found_and_notes_and_others_are_not(known: Client, team: Team, andrei: User) -> None:
    marta = make_agent(team)
    ticket = make_ticket(team=team, requester=andrei, subject="The boiler", text="It whistles loudly.")
    make_reply(ticket, marta, "A membrane, I think.")
    make_note(ticket, marta, "He never pays.")
    make_ticket(team=team, subject="Another boiler whistles")
    found = {
        word: f"/requests/{ticket.pk}/" in known.get("/requests/", {"q": word, "show": "all"}).content.decode()
        for word in ("boiler", "whistles", "membrane", "pays", "nothing", "((((", '"', "*")
    }
    assert found == {
        "boiler": True,
        "whistles": True,
        "membrane": True,
        "pays": False,
        "nothing": False,
        "((((": False,
        '"': False,
        "*": False,
    }
    assert "Another boiler" not in known.get("/requests/", {"q": "boiler"}).content.decode()


def test_a_number_leads_a_reader_to_their_own_request_only(known: Client, team: Team, andrei: User) -> None:
    mine, other = make_ticket(team=team, requester=andrei), make_ticket(team=team)
    assert known.get("/search/", {"q": f"#{mine.pk}"})["Location"] == f"/requests/{mine.pk}/"
    assert known.get("/search/", {"q": str(other.pk)})["Location"] == f"/requests/?q={other.pk}&show=all"
    assert known.get("/search/", {"q": "9" * 12}).status_code == 302
    assert known.get("/search/", {"q": "red light"})["Location"] == "/requests/?q=red+light&show=all"


def test_a_number_says_nothing_to_a_guest(client: Client, team: Team) -> None:
    ticket = make_ticket(team=team, subject="Thermostats offline")
    for number in (ticket.pk, 424242):
        answer = client.get("/search/", {"q": str(number)}, follow=True)
        assert "A number alone opens nothing" in answer.content.decode()
        assert "Thermostats" not in answer.content.decode()


def test_a_guests_words_lead_on(client: Client) -> None:
    page = client.get("/search/", {"q": "<b>red light</b>"}).content.decode()
    assert "<b>red light" not in page
    assert "/requests/new/?subject=%3Cb%3Ered+light%3C%2Fb%3E" in page
    assert "/account/sign-in/?next=/search/" in page
    assert client.get("/search/").status_code == 302
    assert client.get("/search/", {"q": "nul\0" + "x" * 1000}).status_code == 200


def test_the_link_is_mailed_where_number_and_address_belong_together(
    client: Client, team: Team, andrei: User, letters: list[Letter]
) -> None:
    mine, other = make_ticket(team=team, requester=andrei), make_ticket(team=team)
    pages = [
        client.post("/find/", {"number": f"#{number}", "address": "Andrei@example.com"}).content.decode()
        for number in (mine.pk, other.pk, 424242)
    ]
    assert len(set(pages)) == 1
    assert {job.task.rpartition(".")[2] for job in Job.objects.all() if "portal" in job.task} == {"mail_link"}
    run_jobs()
    (letter,) = letters
    assert letter.address == "andrei@example.com"
    assert str(mine.pk) in letter.subject
    assert mine.subject not in letter.subject + letter.text
    assert client.get(letter.link).status_code == 200


@pytest.mark.parametrize(
    "wrong",
    [
        {"number": ""},
        {"number": "abc"},
        {"number": "1" * 13},
        {"number": "1 or 1=1"},
        {"address": "a@example.com, b@example.com"},
        {"address": ""},
    ],
)
def test_nonsense_is_refused_with_words(client: Client, wrong: dict[str, str]) -> None:
    answer = client.post("/find/", {"number": "1001", "address": "andrei@example.com"} | wrong)
    assert answer.status_code == 400
    assert 'aria-invalid="true"' in answer.content.decode()


def test_links_are_mailed_five_times_an_hour_to_one_address(
    client: Client, team: Team, andrei: User, letters: list[Letter]
) -> None:
    ticket = make_ticket(team=team, requester=andrei)
    for _ in range(7):
        client.post("/find/", {"number": str(ticket.pk), "address": "andrei@example.com"})
    run_jobs()
    assert len(letters) == 5


def test_one_network_asks_thirty_times_an_hour(client: Client) -> None:
    answers = [client.post("/find/", {"number": "1", "address": f"p{n}@example.com"}) for n in range(31)]
    assert [answer.status_code for answer in answers] == [200] * 30 + [429]


@pytest.mark.parametrize("path", ["/", "/requests/", "/requests/?q=valve&show=all"])
def test_lists_cost_the_same_with_many_requests(known: Client, team: Team, andrei: User, path: str) -> None:
    def add_row() -> None:
        make_ticket(team=team, requester=andrei, subject="A valve").assign_to(make_agent(team), by=andrei)

    assert_constant_queries(lambda: known.get(path), add_row, at_most=9)


def test_no_page_needs_script(known: Client, team: Team, andrei: User) -> None:
    """Links and forms only: htmx is not even loaded."""
    ticket = make_ticket(team=team, requester=andrei)
    for path in ("/", "/requests/", "/requests/new/", f"/requests/{ticket.pk}/", "/find/"):
        page = known.get(path).content.decode()
        assert "hx-" not in page
        assert "<script>" not in page
