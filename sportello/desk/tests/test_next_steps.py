"""Does a new desk say to its administrator what comes next, until it is done?"""

import pytest
from django.conf import LazySettings
from django.test import Client

from sportello.channels.email.testing import make_mailbox
from sportello.people.first_run import Founding, set_up
from sportello.people.models import Team, User
from sportello.people.testing import make_agent

pytestmark = pytest.mark.django_db
TITLE = "What comes next"


@pytest.fixture
def founder() -> User:
    return set_up(Founding("Alba", "Ana Pop", "ana@alba.example", "long-enough-2026", "Support", "en", "Europe/Rome"))


def _queue(person: User) -> str:
    browser = Client()
    browser.force_login(person)
    return browser.get("/desk/queue/all/").content.decode()


def test_a_new_desk_lists_what_is_left(founder: User) -> None:
    page = _queue(founder)
    assert (
        TITLE in page and 'href="/desk/settings/mailboxes/new/"' in page and 'href="/desk/settings/staff/new/"' in page
    )


def test_what_is_done_is_no_link_and_the_list_goes_with_the_last(founder: User) -> None:
    make_mailbox(team=Team.objects.get())
    page = _queue(founder)
    assert TITLE in page and 'href="/desk/settings/mailboxes/new/"' not in page
    make_agent()
    assert TITLE not in _queue(founder)


def test_agents_are_not_asked(founder: User) -> None:
    assert TITLE not in _queue(make_agent(Team.objects.get()))


def test_a_local_address_is_said_once_mail_leaves(founder: User, settings: LazySettings) -> None:
    settings.SPORTELLO_URL = "http://localhost:8000"
    make_agent()
    make_mailbox(team=Team.objects.get())
    assert "Name the address" not in _queue(founder)
    box = make_mailbox("billing@alba.example", team=Team.objects.get(), smtp_host="smtp.example.com")
    page = _queue(founder)
    assert "Name the address that customers open" in page and f'href="/desk/settings/mailboxes/{box.pk}/"' in page
    settings.SPORTELLO_URL = "https://help.alba.example"
    assert TITLE not in _queue(founder)
