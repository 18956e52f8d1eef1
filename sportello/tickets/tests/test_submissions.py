"""How long do we remember what a form brought?"""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from sportello.tickets.jobs import prune_submissions
from sportello.tickets.models import Submission, Ticket
from sportello.tickets.testing import make_ticket


@pytest.mark.django_db
def test_submissions_are_forgotten_after_three_days_and_what_came_of_them_stays() -> None:
    ticket = make_ticket()
    Submission.once("token", "content", ticket.messages.get)
    for days, left in ((2, 1), (4, 0)):
        with time_machine.travel(timezone.now() + timedelta(days=days), tick=False):
            prune_submissions.call()
        assert Submission.objects.count() == left
    assert Ticket.objects.get() == ticket
