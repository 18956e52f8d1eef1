"""Which values do the settings of a team take, and what becomes of the passwords of a mailbox?"""

import pytest
from django.test import Client

from sportello.channels.email.models import Mailbox
from sportello.channels.email.testing import make_mailbox
from sportello.people.models import Team
from sportello.people.testing import make_administrator, make_team

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("name", "value", "taken"),
    [
        ("follow_up_days", 0, True),
        ("follow_up_days", 3650, True),
        ("follow_up_days", 3651, False),
        ("follow_up_days", 2147483647, False),
        ("follow_up_days", -1, False),
        ("hue", 8, True),
        ("hue", 9, False),
        ("hue", 0, False),
    ],
)
def test_a_team_takes_only_what_makes_sense(client: Client, name: str, value: int, taken: bool) -> None:
    team = make_team("Heating")
    client.force_login(make_administrator())
    typed = {"name": "Heating", "hue": 1, "follow_up_days": 14, "topic_icon": "chat", "is_active": "on", name: value}
    response = client.post(f"/desk/settings/teams/{team.pk}/", typed)
    assert response.status_code == (302 if taken else 422)
    assert (getattr(Team.objects.get(), name) == value) is taken


@pytest.mark.parametrize(
    ("change", "kept", "said"),
    [
        ({"name": "Front desk"}, ("smtp-bell", "imap-bell"), "Saved"),
        ({"imap_host": "imap.evil.example"}, ("smtp-bell", ""), "The password for the server before was forgotten"),
        ({"imap_host": "imap.new.example", "imap_password": "new-bell"}, ("smtp-bell", "new-bell"), "Saved"),
    ],
)
def test_a_password_stays_with_the_server_that_it_was_given_for(
    client: Client, change: dict[str, str], kept: tuple[str, str], said: str
) -> None:
    box = make_mailbox(smtp_host="smtp.good.example", imap_host="imap.good.example", imap_user="ana")
    box.keep_passwords(smtp="smtp-bell", imap="imap-bell")
    box.save(update_fields=["smtp_sealed", "imap_sealed"])
    client.force_login(make_administrator())
    typed = {
        "address": box.address, "name": "Desk", "team": box.team_id, "is_active": "on",
        "smtp_host": box.smtp_host, "smtp_port": 587, "smtp_security": "starttls",
        "imap_host": box.imap_host, "imap_port": 993, "imap_security": "tls", "imap_user": "ana", "imap_folder": "INBOX",
    }  # fmt: skip
    url = f"/desk/settings/mailboxes/{box.pk}/"
    page = client.post(url, typed | change, follow=True).content.decode()
    assert said in page and "With another server, port, security or user it is forgotten" in page
    box = Mailbox.objects.get()
    assert (box.smtp_password, box.imap_password) == kept
