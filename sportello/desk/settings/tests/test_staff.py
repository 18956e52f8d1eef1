"""What may be set about a person at the desk, and what about oneself?"""

import pytest
from django.test import Client

from sportello.people.models import User
from sportello.people.models.team import join_team
from sportello.people.roles import Role
from sportello.people.testing import make_agent, make_organisation, make_team
from sportello.tickets.models import Ticket
from sportello.tickets.testing import make_ticket

pytestmark = pytest.mark.django_db
RECORD = {"name": "Noor", "language": "en", "time_zone": "Europe/Rome", "note": ""}


def test_nobody_moves_themself_into_an_organisation_that_shares_its_requests() -> None:
    hotel = make_organisation("Hotel", "hotel.example")
    type(hotel).objects.filter(pk=hotel.pk).update(shares_requests=True)
    light = make_agent(make_team(), role=Role.LIGHT_AGENT)
    make_ticket(requester=User.objects.create_user("guest@hotel.example"))
    browser = Client()
    browser.force_login(light)
    answer = browser.post(f"/desk/people/{light.pk}/", RECORD | {"organisation": hotel.pk})
    assert answer.status_code == 403
    assert not Ticket.objects.followed_by(User.objects.get(pk=light.pk)).exists()


def test_ones_own_page_leads_to_the_profile() -> None:
    agent = make_agent(make_team())
    browser = Client()
    browser.force_login(agent)
    page = browser.get(f"/desk/people/{agent.pk}/").content.decode()
    assert '<a class="button button--quiet button--icon" href="/desk/people/" aria-label="People"' in page
    assert 'name="organisation"' not in page
    assert '<a href="/account/">Your account</a>' in page


def test_an_administrator_keeps_their_own_role_and_teams(settings_page: Client, administrator: User) -> None:
    team, other = make_team(), make_team()
    join_team(administrator, team, Role.AGENT)
    sent = {"name": "Ilinca S.", "address": administrator.address, "role": "agent", f"team_{other.pk}": "agent"}
    assert settings_page.post(f"/desk/settings/staff/{administrator.pk}/", sent).status_code == 302
    kept = User.objects.get(pk=administrator.pk)
    assert (kept.name, kept.role, kept.is_active) == ("Ilinca S.", Role.ADMINISTRATOR, True)
    assert kept.team_roles == {team.pk: Role.AGENT}


def test_ones_own_page_says_why_role_and_teams_are_not_to_be_chosen(settings_page: Client, administrator: User) -> None:
    make_team()
    why = "Nobody sets their own role and teams: another administrator does."
    own = settings_page.get(f"/desk/settings/staff/{administrator.pk}/").content.decode()
    assert why in own and "optional" not in own
    other = settings_page.get(f"/desk/settings/staff/{make_agent(make_team()).pk}/").content.decode()
    assert why not in other and "optional" in other
