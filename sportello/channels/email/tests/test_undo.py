"""When does a reply leave that may still be taken back? When the time for that is over, and not before."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from sportello.channels.email.models import SinkMail
from sportello.channels.email.testing import make_mailbox
from sportello.kernel.jobs.testing import run_jobs
from sportello.people.testing import make_agent
from sportello.tickets.testing import make_reply, make_ticket

pytestmark = pytest.mark.django_db


def test_a_reply_waits_for_its_ten_seconds_and_then_leaves() -> None:
    box = make_mailbox()
    ticket = make_ticket(team=box.team)
    agent = make_agent(box.team)
    replies = SinkMail.objects.filter(outgoing__purpose="reply")
    with time_machine.travel(timezone.now(), tick=False) as clock:
        make_reply(ticket, agent, "It will be warm.", undo_seconds=10)
        run_jobs()
        assert not replies.exists()
        clock.shift(timedelta(seconds=9))
        run_jobs()
        assert not replies.exists()
        clock.shift(timedelta(seconds=1))
        run_jobs()
        assert list(replies.values_list("outgoing__message__text", flat=True)) == ["It will be warm."]
