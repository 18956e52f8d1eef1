"""Somebody was faster by a moment, or typed what only a script types: does a form of the settings say so in words?"""

import threading

import pytest
from django.test import Client

from sportello.channels.email.models import Mailbox
from sportello.desk.conftest import browser_of
from sportello.kernel.tests.running import Threads
from sportello.people.models import Team, User
from sportello.people.testing import make_team

TEAM = {"name": "Heating", "hue": 1, "follow_up_days": 14, "topic_icon": "chat", "is_active": "on"}
MAILBOX = {
    "address": "help@alba.example", "name": "Alba", "is_active": "on", "imap_port": 993, "imap_security": "tls",
    "imap_folder": "INBOX", "smtp_port": 587, "smtp_security": "starttls",
}  # fmt: skip


def sent_at_once(administrator: User, url: str, data: dict[str, object]) -> list[int]:
    """The status of each of four answers."""
    barrier = threading.Barrier(4)
    found: list[int] = []

    def send(browser: Client) -> None:
        barrier.wait(timeout=10)
        found.append(browser.post(url, data).status_code)

    browsers = [browser_of(administrator) for _ in range(4)]
    with Threads() as threads:
        for browser in browsers:
            threads.start(send, browser)
    return sorted(found)


@pytest.mark.django_db(transaction=True)
def test_a_team_that_is_sent_several_times_at_once_is_made_once(administrator: User) -> None:
    assert sent_at_once(administrator, "/desk/settings/teams/new/", TEAM) == [302, 422, 422, 422]
    assert Team.objects.get().name == "Heating"


@pytest.mark.django_db(transaction=True)
def test_a_mailbox_that_is_sent_several_times_at_once_is_made_once(administrator: User) -> None:
    data = MAILBOX | {"team": make_team("First line").pk}
    assert sent_at_once(administrator, "/desk/settings/mailboxes/new/", data) == [302, 422, 422, 422]
    assert Mailbox.objects.get().address == "help@alba.example"


@pytest.mark.django_db
def test_a_name_that_is_another_ones_once_its_lines_are_one_is_refused_beside_the_field(settings_page: Client) -> None:
    make_team("/ X: y")
    team = make_team("Heating")
    answer = settings_page.post(f"/desk/settings/teams/{team.pk}/", TEAM | {"name": "/\r\nX: y"})
    assert answer.status_code == 422
    assert answer.context["form"].errors == {"name": ["Team with this Name already exists."]}
    team.refresh_from_db()
    assert team.name == "Heating"


@pytest.mark.django_db
@pytest.mark.parametrize("what", ["teams", "organisations"])
def test_a_name_is_one_line(settings_page: Client, what: str) -> None:
    settings_page.post(f"/desk/settings/{what}/new/", TEAM | {"name": "Bcc: x@y.example\r\n\r\nhi"})
    page = settings_page.get("/desk/settings/" if what == "teams" else "/desk/settings/organisations/")
    assert "Bcc: x@y.example hi" in page.content.decode()
