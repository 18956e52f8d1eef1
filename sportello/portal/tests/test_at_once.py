"""Two clicks at the very same moment: is it one request all the same?"""

import threading

import pytest
from django.test import Client

from sportello.kernel.tests.running import Threads
from sportello.people.models import User
from sportello.people.testing import make_team
from sportello.portal.tests.asking import ask, token_on
from sportello.tickets.models import Ticket


@pytest.mark.django_db(transaction=True)
def test_b120_two_clicks_at_once_are_one_ticket_of_one_person() -> None:
    team = make_team()
    token = token_on(Client())
    barrier = threading.Barrier(3)
    statuses: list[int] = []

    def click() -> None:
        client = Client()
        barrier.wait(timeout=10)
        statuses.append(ask(client, team, token=token).status_code)

    with Threads() as threads:
        for _ in range(3):
            threads.start(click)
    assert statuses == [302, 302, 302]
    assert (Ticket.objects.count(), User.objects.customers().count()) == (1, 1)
