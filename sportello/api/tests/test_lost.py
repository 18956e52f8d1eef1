"""What does a program hear when the store has lost a file?"""

import pytest
from django.conf import LazySettings

from sportello.api.tests.conftest import Call, assert_problem
from sportello.kernel.files import keep
from sportello.people.models import User
from sportello.tickets import conversation
from sportello.tickets.conversation import Words
from sportello.tickets.files import NewFile
from sportello.tickets.models import Ticket


@pytest.mark.parametrize("what", ["attachments", "messages"])
def test_a_lost_file_is_gone_and_said_so(
    as_agent: Call, agent: User, ticket: Ticket, settings: LazySettings, what: str
) -> None:
    words = Words(text="See.", files=[NewFile("log.txt", b"1")], raw=keep(b"Subject: x\r\n\r\nSee."))
    message = conversation.receive(ticket, words, by=ticket.requester, channel="email")
    settings.SPORTELLO_DATA = settings.SPORTELLO_DATA / "elsewhere"
    path = f"/attachments/{message.attachments.get().pk}" if what == "attachments" else f"/messages/{message.pk}/source"
    assert "lost" in assert_problem(as_agent("GET", path), 410)["detail"]
