"""Which number does a ticket get, and can a number come twice?"""

import pytest
from django.db import connection

from sportello.people.testing import make_customer, make_team
from sportello.tickets.models import Ticket
from sportello.tickets.testing import make_ticket


def last_number() -> int:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("select last_value from tickets_ticket_id_seq")
        else:
            cursor.execute("select seq from sqlite_sequence where name = 'tickets_ticket'")
        return int(cursor.fetchone()[0])


@pytest.mark.django_db
def test_the_first_ticket_is_number_1001() -> None:
    """Also guards later migrations: on SQLite one that makes the table anew on an empty database forgets the number."""
    assert last_number() >= 1000
    assert make_ticket().number == last_number() > 1000


@pytest.mark.django_db
def test_a_number_is_never_used_twice() -> None:
    requester, team = make_customer(), make_team()
    first = make_ticket(requester=requester, team=team)
    number = first.number
    Ticket.objects.filter(pk=number).delete()
    assert make_ticket(requester=requester, team=team).number == number + 1
