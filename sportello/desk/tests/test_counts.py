"""Does every place that says how many tickets wait change when one arrives?"""

import pytest
from django.test import Client

from sportello.people.testing import make_agent, make_team
from sportello.tickets.testing import make_ticket

pytestmark = pytest.mark.django_db


def test_the_head_and_the_title_count_with_the_sidebar() -> None:
    team = make_team("Heating")
    browser = Client()
    browser.force_login(make_agent(team))
    assert "1 ticket<" not in browser.get("/desk/queue/all/").content.decode()
    make_ticket(team=team)
    news = browser.get("/desk/queue/all/sidebar/").content.decode()
    assert '<span class="count" id="view-count" hx-swap-oob="true">1 ticket</span>' in news
    assert "<title>All active (1) · " in news


def test_the_sidebar_beside_search_changes_no_title() -> None:
    browser = Client()
    browser.force_login(make_agent(make_team("Heating")))
    where = "/desk/queue/all/sidebar/?searching=1"
    assert where in browser.get("/desk/search/").content.decode()
    assert "<title>" not in browser.get(where).content.decode()


def test_a_filtered_list_goes_on_counting_what_it_lists() -> None:
    team = make_team("Heating")
    browser = Client()
    browser.force_login(make_agent(team))
    for subject in ("Boiler", "Radiator"):
        make_ticket(team=team, subject=subject)
    page = browser.get("/desk/queue/all/?q=boiler").content.decode()
    assert "/desk/queue/all/sidebar/?q=boiler" in page and ">1 ticket</span>" in page
    make_ticket(team=team, subject="Boiler again")
    assert ">2 tickets</span>" in browser.get("/desk/queue/all/sidebar/?q=boiler").content.decode()
