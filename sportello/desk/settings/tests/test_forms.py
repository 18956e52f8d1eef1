"""Are the settings asked in an order that helps, with what is likely already chosen?"""

import re

import pytest
from django.conf import LazySettings
from django.test import Client

from sportello.channels.email.fetching import fetch
from sportello.channels.email.models import Mailbox
from sportello.channels.email.testing import make_mailbox
from sportello.desk.settings.forms import MailboxForm
from sportello.kernel.ports import free_port
from sportello.people.roles import Role
from sportello.people.testing import make_agent, make_team

NEW_MAILBOX = "/desk/settings/mailboxes/new/"
TYPED = {
    "address": "help@alba.example", "name": "Alba", "is_active": "on", "imap_host": "", "imap_port": 993,
    "imap_security": "tls", "imap_user": "", "imap_password": "", "imap_folder": "INBOX", "smtp_host": "",
    "smtp_port": 587, "smtp_security": "starttls", "smtp_user": "", "smtp_password": "",
}  # fmt: skip


def test_a_mailbox_is_asked_for_in_the_order_of_its_mails(settings_page: Client) -> None:
    page = settings_page.get(NEW_MAILBOX).content.decode()
    order = [
        "<h2>Address</h2>",
        "<h2>Receiving</h2>",
        'name="imap_host"',
        "<h2>Sending</h2>",
        'name="smtp_host"',
        "Test the connection",
    ]
    assert sorted(order, key=page.index) == order
    assert "---------" not in page


def test_what_is_wrong_with_a_mailbox_stands_on_its_page_in_words(settings_page: Client) -> None:
    box = make_mailbox(imap_host="127.0.0.1", imap_port=free_port("127.0.0.1"), imap_security="none")
    fetch(box)
    page = settings_page.get(f"/desk/settings/mailboxes/{box.pk}/").content.decode()
    assert "Nothing listens on this port of the server. Check server and port." in page


def test_the_page_of_a_mailbox_says_where_links_in_mails_lead(settings_page: Client, settings: LazySettings) -> None:
    settings.SPORTELLO_URL = "http://localhost:8031"
    assert "Links in mails lead to http://localhost:8031, which" in settings_page.get(NEW_MAILBOX).content.decode()
    settings.SPORTELLO_URL = "https://help.alba.example"
    assert "Links in mails lead" not in settings_page.get(NEW_MAILBOX).content.decode()


def test_only_a_stored_password_can_be_kept(settings_page: Client) -> None:
    box = make_mailbox()
    assert "Empty keeps" not in settings_page.get(f"/desk/settings/mailboxes/{box.pk}/").content.decode()
    box.keep_passwords(imap="a-password")
    box.save(update_fields=["imap_sealed"])
    assert settings_page.get(f"/desk/settings/mailboxes/{box.pk}/").content.decode().count("Empty keeps") == 1


def test_the_only_team_is_chosen_already(settings_page: Client) -> None:
    team = make_team("Support")
    chosen = f'<option value="{team.pk}" selected>Support</option>'
    assert chosen in settings_page.get(NEW_MAILBOX).content.decode()
    make_team("Billing")
    page = settings_page.get(NEW_MAILBOX).content.decode()
    assert chosen not in page and "Choose a team</option>" in page


@pytest.mark.parametrize("path", [NEW_MAILBOX, f"{NEW_MAILBOX}test/"])
@pytest.mark.parametrize(
    ("wrong", "said"),
    [({"smtp_port": 99999}, "Ports go from 1 to 65535."), ({"imap_port": 0}, "Ports go from 1 to 65535."),
     ({"address": "support@desk.example"}, "Another mailbox here has this address. Change that one under Settings.")],
)  # fmt: skip
def test_what_no_mailbox_can_have_is_said_in_words(
    settings_page: Client, path: str, wrong: dict[str, object], said: str
) -> None:
    there = make_mailbox(address="support@desk.example")
    assert said in settings_page.post(path, TYPED | {"team": there.team_id} | wrong).content.decode()


def test_a_new_mailbox_is_tried_before_it_is_kept(settings_page: Client) -> None:
    team = make_team()
    typed = TYPED | {"team": team.pk, "imap_host": "127.0.0.1", "imap_port": 1}
    page = settings_page.post(f"{NEW_MAILBOX}test/", typed, headers={"HX-Request": "true"}).content.decode()
    assert page.strip().startswith('<ol class="test-steps" id="mailbox-test"')
    assert "Reading by IMAP" in page and "Nothing listens on this port of the server" in page
    assert not Mailbox.objects.exists()
    assert (
        "No server is set up yet"
        in settings_page.post(f"{NEW_MAILBOX}test/", TYPED | {"team": team.pk}).content.decode()
    )


def test_a_trial_asks_for_no_address_no_name_and_no_team(settings_page: Client) -> None:
    typed = TYPED | {"address": "", "name": "", "team": "", "imap_host": "127.0.0.1", "imap_port": 1}
    for headers in ({"HX-Request": "true"}, {}):
        answer = settings_page.post(f"{NEW_MAILBOX}test/", typed, headers=headers)
        page = answer.content.decode()
        assert answer.status_code == 200
        assert "Nothing listens on this port of the server" in page and "required" not in page


def test_what_is_missing_for_a_trial_is_named(settings_page: Client) -> None:
    typed = TYPED | {"address": "nobody", "team": make_team().pk}
    page = settings_page.post(f"{NEW_MAILBOX}test/", typed, headers={"HX-Request": "true"}).content.decode()
    assert "Address: Write one address" in page
    assert settings_page.post(f"{NEW_MAILBOX}test/", typed).status_code == 422


def test_a_trial_of_a_change_changes_nothing(settings_page: Client) -> None:
    box = make_mailbox("help@alba.example")
    typed = TYPED | {"name": "Other", "team": box.team_id, "imap_password": "secret"}
    assert settings_page.post(f"/desk/settings/mailboxes/{box.pk}/test/", typed).status_code == 200
    kept = Mailbox.objects.get()
    assert (kept.name, kept.imap_password) == (box.name, "")


def test_a_team_shows_its_colours_its_pictures_and_its_people(settings_page: Client) -> None:
    team = make_team("Support", hue=6)
    marta = make_agent(team, role=Role.SUPERVISOR, name="Marta Rinaldi")
    gone = make_agent(team, name="Noor Haddad")
    type(gone).objects.filter(pk=gone.pk).update(is_active=False)
    page = settings_page.get(f"/desk/settings/teams/{team.pk}/").content.decode()
    assert len(re.findall(r'<input type="radio" name="hue"', page)) == 8
    assert re.search(r'name="hue" value="6"[^>]*checked', page)
    assert '#icon-wrench"' in page and "Wrench</span>" in page
    assert f'<a href="/desk/settings/staff/{marta.pk}/">Marta Rinaldi</a><span class="faint">Supervisor</span>' in page
    assert "Noor Haddad" not in page


def test_a_new_colleague_is_an_agent_unless_somebody_says_otherwise(settings_page: Client) -> None:
    make_team("Support")
    page = settings_page.get("/desk/settings/staff/new/").content.decode()
    assert '<option value="agent" selected>Agent</option>' in page
    assert "Role in the team Support" in page


@pytest.mark.django_db
@pytest.mark.parametrize(("host", "tried_with"), [("smtp.good.example", "smtp-bell"), ("smtp.evil.example", "")])
def test_a_trial_takes_the_stored_password_to_no_other_server(host: str, tried_with: str) -> None:
    box = make_mailbox(smtp_host="smtp.good.example")
    box.keep_passwords(smtp="smtp-bell")
    box.save(update_fields=["smtp_sealed"])
    form = MailboxForm(TYPED | {"team": box.team_id, "smtp_host": host}, instance=box)
    assert form.is_valid(), form.errors
    assert form.as_typed().smtp_password == tried_with


@pytest.mark.parametrize(("days", "words"), [("-3", "Write 0 or more."), ("99999", "Write 3650 or less.")])
def test_a_number_over_a_limit_is_told_the_limit_in_our_words(settings_page: Client, days: str, words: str) -> None:
    team = make_team()
    page = settings_page.post(f"/desk/settings/teams/{team.pk}/", {"name": "Heating", "follow_up_days": days})
    assert page.status_code == 422
    assert words in page.content.decode()
    assert "Ensure" not in page.content.decode()


def test_too_many_characters_are_counted_in_our_words(settings_page: Client) -> None:
    page = settings_page.post("/desk/settings/firm/", {"name": "x" * 101}).content.decode()
    assert "Write at most 100 characters; now there are 101." in page
