"""From which of our mailboxes does a mail leave, and which mail is too old for an automatic one?"""

from datetime import timedelta

import pytest
from django.utils import timezone

from sportello.channels.email.models import Mailbox, OutgoingMail
from sportello.channels.email.testing import arrives, make_mail, make_mailbox
from sportello.kernel.jobs.testing import run_jobs
from sportello.people.testing import make_agent, make_team
from sportello.tickets.models import Ticket
from sportello.tickets.testing import make_reply, make_ticket

pytestmark = pytest.mark.django_db


@pytest.fixture
def two() -> tuple[Mailbox, Mailbox]:
    """Of one team; the first is the older."""
    first = make_mailbox("billing@desk.example")
    Mailbox.objects.filter(pk=first.pk).update(created_at=timezone.now() - timedelta(days=365))
    return first, make_mailbox("sales@desk.example", team=first.team)


def senders(ticket: Ticket) -> set[str]:
    return set(OutgoingMail.objects.filter(ticket=ticket).values_list("mailbox__address", flat=True))


def written_to(box: Mailbox, **headers: str) -> Ticket:
    arrives(box, make_mail(Message_ID="<q1@client.example>", **headers))
    return Ticket.objects.get()


def test_receipt_and_answer_leave_by_the_mailbox_that_was_written_to(two: tuple[Mailbox, Mailbox]) -> None:
    ticket = written_to(two[1])
    make_reply(ticket, make_agent(ticket.team))
    assert senders(ticket) == {"sales@desk.example"} and OutgoingMail.objects.count() == 2


def test_a_ticket_without_a_mail_is_answered_by_the_teams_first_mailbox(two: tuple[Mailbox, Mailbox]) -> None:
    ticket = make_ticket(team=two[0].team)
    make_reply(ticket, make_agent(ticket.team))
    assert senders(ticket) == {"billing@desk.example"}


@pytest.mark.parametrize("change", ["moved", "retired"])
def test_another_team_or_a_retired_mailbox_is_no_reason_to_write_from_there(
    two: tuple[Mailbox, Mailbox], change: str
) -> None:
    ticket = written_to(two[1])
    OutgoingMail.objects.all().delete()
    expected = "billing@desk.example"
    if change == "moved":
        team = make_team()
        expected = make_mailbox("care@desk.example", team=team).address
        ticket.move_to(team, by=make_agent(team))
    else:
        Mailbox.objects.filter(pk=two[1].pk).update(is_active=False)
    make_reply(ticket, make_agent(ticket.team))
    assert senders(ticket) == {expected}


def test_mail_from_before_its_mailbox_was_connected_gets_nothing_automatic(two: tuple[Mailbox, Mailbox]) -> None:
    """Though an older mailbox of the team was there already."""
    arrives(two[1], make_mail(), arrived_at=timezone.now() - timedelta(days=30))
    ticket = Ticket.objects.get()
    ticket.solve(by=make_agent(ticket.team))
    run_jobs(including_future=True)
    assert senders(ticket) == set()
    arrives(two[1], make_mail("And now?", Message_ID="<q2@client.example>"))
    assert senders(Ticket.objects.latest("pk")) == {"sales@desk.example"}
