"""What does the bar over the picked tickets offer, and does it say what it did?"""

import re
from typing import Any

import pytest
from django.test import Client
from django.utils.datastructures import MultiValueDict

from sportello.desk.queue.bulk import what_it_does
from sportello.people.models import Team, User
from sportello.people.roles import Role
from sportello.people.testing import make_agent, make_team
from sportello.tickets.bulk import run
from sportello.tickets.models import BulkJob, Ticket
from sportello.tickets.testing import make_ticket

pytestmark = pytest.mark.django_db
HX = {"HX-Request": "true"}


@pytest.fixture
def heating() -> Team:
    return make_team("Heating")


@pytest.fixture
def billing() -> Team:
    return make_team("Billing")


@pytest.fixture
def marta(heating: Team, billing: Team) -> User:
    return make_agent(heating, billing)


@pytest.fixture
def desk(marta: User) -> Client:
    browser = Client()
    browser.force_login(marta)
    return browser


def offered(desk: Client, *tickets: Ticket) -> list[str]:
    page = desk.get("/desk/bulk/assignees/", {"ticket": [ticket.pk for ticket in tickets]}, headers=HX).content.decode()
    return re.findall(r"</span>([^<]+)</button>", page)


def test_it_assigns_only_to_who_may_answer_in_the_teams_of_all_that_is_picked(
    desk: Client, heating: Team, billing: Team
) -> None:
    make_agent(heating, role=Role.LIGHT_AGENT, name="Noor Light")
    make_agent(heating, name="Davide Conti")
    make_agent(billing, name="Hanna Berg")
    cold, invoice = make_ticket(team=heating), make_ticket(team=billing)
    assert offered(desk, cold) == ["Davide Conti", "Marta Rinaldi", "Nobody"]
    assert offered(desk, cold, invoice) == ["Marta Rinaldi", "Nobody"]


def change(desk: Client, *tickets: Ticket, **data: str) -> str:
    answer = desk.post("/desk/bulk/", {"ticket": [ticket.pk for ticket in tickets], **data}, headers=HX)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"tag": "firmware-4.2", "tag_act": "add"}, "Add “firmware-4.2” to 2 tickets"),
        ({"tag": "vpn", "tag_act": "remove"}, "Remove “vpn” from 2 tickets"),
        ({"status": "waiting"}, "Set 2 tickets to “Waiting for customer”"),
        ({"assignee": "none"}, "Take 2 tickets from their assignees"),
        ({"priority": "3"}, "Change 2 tickets"),
    ],
)
def test_it_says_what_it_changes(desk: Client, heating: Team, data: dict[str, str], words: str) -> None:
    assert words in change(desk, make_ticket(team=heating), make_ticket(team=heating), **data)


def test_it_names_the_colleague(desk: Client, marta: User, heating: Team) -> None:
    assert "Assign 1 ticket to Marta Rinaldi" in change(desk, make_ticket(team=heating), assignee=str(marta.pk))
    job = BulkJob(change={"assignee": 10**9}, total=1)
    assert what_it_does(job) == "Assign 1 ticket to somebody"


def test_a_tag_that_is_still_in_its_field_waits_for_its_own_button(desk: Client, heating: Team) -> None:
    change(desk, make_ticket(team=heating), status="waiting", tag="half-typ")
    assert BulkJob.objects.get().change == {"status": "waiting"}


def test_a_number_that_is_none_picks_nothing(desk: Client) -> None:
    picked: MultiValueDict[str, Any] = MultiValueDict({"ticket": ["x", "9" * 30]})
    assert desk.get("/desk/bulk/assignees/", picked, headers=HX).status_code == 200


def job_on(desk: Client, job: BulkJob) -> str:
    return desk.get(f"/desk/bulk/{job.pk}/", headers=HX).content.decode()


def test_a_job_that_is_over_can_be_put_away_and_is_gone_from_every_screen(
    desk: Client, marta: User, heating: Team
) -> None:
    change(desk, make_ticket(team=heating), tag="winter", tag_act="add")
    job = BulkJob.objects.get()
    assert 'aria-label="Close"' not in job_on(desk, job)
    run(job)
    assert f'hx-post="/desk/bulk/{job.pk}/closing/"' in job_on(desk, job)
    assert 'id="bulk-job" role="status"' in desk.get("/desk/queue/all/").content.decode()
    closed = desk.post(f"/desk/bulk/{job.pk}/closing/", headers=HX).content.decode()
    for page in (closed, job_on(desk, job), desk.get("/desk/queue/all/").content.decode()):
        assert '<div id="bulk-job"></div>' in page


def test_a_job_that_is_still_at_work_stays_on_the_screen(desk: Client, heating: Team) -> None:
    change(desk, make_ticket(team=heating), tag="winter", tag_act="add")
    job = BulkJob.objects.get()
    desk.post(f"/desk/bulk/{job.pk}/closing/", headers=HX)
    assert 'data-state="running"' in job_on(desk, job)


def test_a_view_longer_than_its_page_is_changed_as_a_whole(desk: Client, heating: Team, marta: User) -> None:
    tickets = [make_ticket(team=heating, subject=f"Boiler {number}") for number in range(52)]
    others = [make_ticket(), make_ticket(team=heating, subject="Window")]
    short = desk.get("/desk/queue/all/?q=window").content.decode()
    assert 'data-picks="all"' in short and 'data-picks="whole"' not in short
    page = desk.get("/desk/queue/all/?q=boiler").content.decode()
    assert re.search(r'data-picks="whole">Select all 52</button>', page)
    (key,) = re.findall(r'name="whole" value="([^"]*)" data-whole="52" disabled', page)
    given = {"whole": key, "q": "boiler", "ticket": tickets[0].pk}
    assert desk.get("/desk/bulk/assignees/", given, headers=HX).content.decode().count("Marta Rinaldi") == 1
    desk.post("/desk/bulk/", given | {"tag": "cold", "tag_act": "add"}, headers=HX)
    job = BulkJob.objects.get()
    assert job.total == 52 and sorted(job.ticket_ids) == sorted(ticket.pk for ticket in tickets)
    run(job)
    assert all(ticket.tag_names == ["cold"] for ticket in Ticket.objects.filter(pk__in=job.ticket_ids))
    assert not any(Ticket.objects.get(pk=other.pk).tag_names for other in others)


@pytest.mark.parametrize(
    "given", [{"whole": "team-999"}, {"whole": "nonsense"}, {"whole": "all", "q": "status:nonsense"}]
)
def test_a_view_that_is_none_changes_nothing(desk: Client, heating: Team, given: dict[str, str]) -> None:
    make_ticket(team=heating)
    desk.post("/desk/bulk/", given | {"tag": "cold", "tag_act": "add"}, headers=HX)
    assert not BulkJob.objects.exists()
