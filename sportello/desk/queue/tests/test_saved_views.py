"""Can a saved view be changed and removed at the desk, by those who may, and does Undo bring it back?"""

from html import unescape

import pytest
from django.test import Client

from sportello.desk.conftest import browser_of
from sportello.people.models import Team, User
from sportello.people.roles import Role
from sportello.people.testing import make_agent
from sportello.tickets.models import SavedView, Tag


@pytest.fixture
def view(agent: User) -> SavedView:
    return SavedView.objects.create(name="Valves", query="tag:valve", owner=agent)


def undo_of(browser: Client) -> str:
    page = browser.get("/desk/queue/mine/").content.decode()
    return unescape(page.partition('action="/desk/views/restoration/')[2].partition('"')[0])


def test_the_form_comes_filled_and_beside_the_views(desk: Client, view: SavedView) -> None:
    page = desk.get(f"/desk/views/{view.pk}/").content.decode()
    assert 'value="Valves"' in page and 'value="tag:valve"' in page and 'id="views"' in page
    assert "---------" not in page and "Nobody, it stays yours" in page


def test_a_change_is_kept_under_the_same_number(desk: Client, view: SavedView, team: Team, agent: User) -> None:
    Tag.named("pump")
    data = {"name": "Pumps", "query": "tag:pump", "sort": "arrival", "team": team.pk}
    answer = desk.post(f"/desk/views/{view.pk}/", data)
    assert answer["Location"] == f"/desk/queue/saved-{view.pk}/"
    kept = SavedView.objects.get()
    assert (kept.pk, kept.name, kept.query, kept.sort, kept.team, kept.owner) == (
        view.pk, "Pumps", "tag:pump", "arrival", team, agent,
    )  # fmt: skip


def test_a_wrong_change_says_so_and_keeps_the_view(desk: Client, view: SavedView) -> None:
    answer = desk.post(f"/desk/views/{view.pk}/", {"name": "", "query": "status:wai"})
    assert answer.status_code == 422
    view.refresh_from_db()
    assert (view.name, view.query) == ("Valves", "tag:valve")


def test_a_removed_view_comes_back_as_it_was_and_once(desk: Client, view: SavedView) -> None:
    desk.post(f"/desk/views/{view.pk}/removal/")
    assert not SavedView.objects.exists()
    undo = f"/desk/views/restoration/{undo_of(desk)}"
    for _click in range(2):
        assert desk.post(undo)["Location"] == f"/desk/queue/saved-{view.pk}/"
    kept = SavedView.objects.get()
    assert (kept.pk, kept.name, kept.query, kept.owner) == (view.pk, "Valves", "tag:valve", view.owner)


def test_nobody_undoes_what_another_removed(desk: Client, view: SavedView, team: Team) -> None:
    desk.post(f"/desk/views/{view.pk}/removal/")
    other = browser_of(make_agent(team, role=Role.SUPERVISOR))
    assert other.post(f"/desk/views/restoration/{undo_of(desk)}").status_code == 404
    assert not SavedView.objects.exists()


def test_the_menu_is_there_for_those_who_may(desk: Client, view: SavedView, team: Team) -> None:
    SavedView.objects.filter(pk=view.pk).update(team=team)
    menu = f'action="/desk/views/{view.pk}/removal/"'
    url = f"/desk/queue/saved-{view.pk}/"
    assert menu in desk.get(url).content.decode()
    assert menu in browser_of(make_agent(team, role=Role.SUPERVISOR)).get(url).content.decode()
    assert menu not in browser_of(make_agent(team)).get(url).content.decode()
