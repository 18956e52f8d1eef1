"""What may be set about a person at the desk, and what about oneself?"""

import re
from urllib.parse import urlsplit

import pytest
from django.test import Client

from sportello.channels.email.models import OutgoingMail
from sportello.channels.email.testing import make_mailbox
from sportello.channels.email.tests.test_mail_way import body, letters
from sportello.desk.conftest import browser_of
from sportello.kernel.jobs.testing import run_jobs
from sportello.people.models import User
from sportello.people.models.team import join_team
from sportello.people.roles import Role
from sportello.people.testing import make_agent, make_customer, make_organisation, make_team
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


def test_a_new_colleague_is_invited_and_who_is_in_no_team_is_told_so(settings_page: Client) -> None:
    make_mailbox()
    typed = {"name": "Noor", "address": "noor@alba.example", "role": "agent", "is_active": "on"}
    page = settings_page.post("/desk/settings/staff/new/", typed, follow=True).content.decode()
    assert "Noor gets a mail with a link to choose a password. In no team yet, Noor sees no tickets." in page
    run_jobs()
    (mail,) = OutgoingMail.objects.all()
    assert mail.to == ["noor@alba.example"] and mail.subject == "You work at the desk of Sportello from now on"
    (letter,) = letters()
    link, sign_in = (urlsplit(address).path for address in re.findall(r"http://\S+", body(letter)))
    assert sign_in == "/account/sign-in/"
    assert 'type="password"' in Client().get(link, follow=True).content.decode()
    queue = browser_of(User.objects.get(address="noor@alba.example")).get("/desk/queue/all/").content.decode()
    assert "You are in no team yet" in queue and "All quiet here" not in queue


def test_whoever_wrote_to_us_becomes_a_colleague_on_their_own_page(settings_page: Client) -> None:
    elena = make_customer("elena@clinica.example", "Elena")
    typed = {"name": "Elena", "address": "elena@clinica.example", "role": "agent", "is_active": "on"}
    refused = settings_page.post("/desk/settings/staff/new/", typed)
    assert refused.status_code == 422 and "open them under People" in refused.content.decode()
    page = settings_page.get(f"/desk/people/{elena.pk}/").content.decode()
    assert f'href="/desk/settings/staff/{elena.pk}/"' in page
    assert settings_page.post(f"/desk/settings/staff/{elena.pk}/", typed).status_code == 302
    elena.refresh_from_db()
    assert elena.role == Role.AGENT
    assert (
        f'href="/desk/settings/staff/{elena.pk}/"'
        not in browser_of(elena).get(f"/desk/people/{elena.pk}/").content.decode()
    )
