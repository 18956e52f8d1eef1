"""Does somebody who took a wrong turn keep the way: our people the rail, customers and guests the firm's header?"""

import pytest
from django.test import Client

from sportello.people.models import Team, User
from sportello.people.testing import make_agent

pytestmark = pytest.mark.django_db
RAIL, HEADER = 'id="rail"', 'id="header"'


def told(person: User | None, path: str, status: int) -> str:
    client = Client()
    if person:
        client.force_login(person)
    answer = client.get(path)
    assert answer.status_code == status
    page = answer.content.decode()
    assert page.count("<h1>") == 1 and page.count('id="main"') == 1
    return page


@pytest.mark.parametrize(
    ("path", "status", "frame", "back"),
    [
        ("/desk/nothing/", 404, RAIL, "/desk/"),
        ("/desk/settings/", 403, RAIL, "/desk/"),
        ("/desk/bulk/", 405, RAIL, "/desk/"),
        ("/account/nothing/", 404, RAIL, "/desk/"),
        ("/nothing/", 404, HEADER, "/"),
    ],
)
def test_a_colleague_stays_where_they_were(team: Team, path: str, status: int, frame: str, back: str) -> None:
    page = told(make_agent(team), path, status)
    assert frame in page
    assert f'<a class="button" href="{back}">' in page


@pytest.mark.parametrize(
    ("path", "status"),
    [("/nothing/", 404), ("/requests/9/", 404), ("/desk/nothing/", 404), ("/account/sign-out/", 405)],
)
def test_a_customer_keeps_header_and_language(andrei: User, path: str, status: int) -> None:
    page = told(andrei, path, status)
    assert HEADER in page and RAIL not in page
    assert 'id="language"' in page and ">My requests</a>" in page and "Sign out" in page


def test_so_does_a_guest(team: Team) -> None:
    assert HEADER in told(None, "/nothing/", 404) and HEADER in told(None, "/account/sign-out/", 405)


def test_a_customer_at_the_desk_is_shown_to_their_requests(andrei: User) -> None:
    page = told(andrei, "/desk/queue/all/", 403)
    assert "This page is for the team" in page and "administrator" not in page
    assert '<a class="button button--primary" href="/requests/">My requests</a>' in page


def test_a_colleague_without_the_right_reads_who_gives_it(team: Team) -> None:
    assert "An administrator can do it or give you the right." in told(make_agent(team), "/desk/settings/", 403)
