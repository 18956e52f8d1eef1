"""Who hears of a change of many tickets, and when? Nobody, as long as it can be taken back."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from sportello.channels.email import gate
from sportello.channels.email.models import OutgoingMail
from sportello.channels.email.testing import make_mailbox
from sportello.channels.email.tests.test_mail_way import body, letters
from sportello.kernel.jobs.testing import run_jobs
from sportello.people.models import User
from sportello.people.testing import make_agent
from sportello.tickets import bulk
from sportello.tickets.models import BulkJob, Ticket
from sportello.tickets.models.bulk import SHOWN_FOR
from sportello.tickets.testing import make_ticket

pytestmark = pytest.mark.django_db


def solved_in_bulk() -> tuple[BulkJob, list[Ticket], User]:
    team = make_mailbox().team
    agent = make_agent(team)
    tickets = [make_ticket(team=team) for _ in range(3)]
    job = bulk.start(agent, [ticket.pk for ticket in tickets], {"status": "solved"})
    run_jobs()
    return job, tickets, agent


def states() -> list[str]:
    return list(OutgoingMail.objects.filter(purpose="solved").order_by("ticket_id").values_list("state", flat=True))


def test_the_mails_of_a_bulk_change_wait_until_its_undo_is_over() -> None:
    _job, tickets, agent = solved_in_bulk()
    assert states() == ["queued"] * 3
    tickets[0].start(by=agent)
    with time_machine.travel(timezone.now() + SHOWN_FOR + timedelta(seconds=1), tick=False):
        run_jobs()
    assert states() == ["cancelled", "sent", "sent"]


def test_undo_takes_them_back() -> None:
    job, _tickets, _agent = solved_in_bulk()
    job.refresh_from_db()
    assert bulk.undo(job)
    run_jobs()
    run_jobs(including_future=True)
    assert states() == ["cancelled"] * 3
    assert set(Ticket.objects.values_list("status", flat=True)) == {"new"}


def test_what_one_person_solves_alone_is_said_at_once() -> None:
    team = make_mailbox().team
    make_ticket(team=team).solve(by=make_agent(team))
    run_jobs()
    assert states() == ["sent"]


def test_how_it_was_solved_is_told_however_much_automatic_mail_there_was(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gate, "MOST_TO_ONE_ADDRESS", 0)
    box = make_mailbox()
    ticket, agent = make_ticket(team=box.team), make_agent(box.team)
    ticket.solve(by=agent)
    run_jobs(including_future=True)
    assert letters() == []
    ticket.start(by=agent)
    ticket.solve(by=agent, note="We replaced the pump.")
    run_jobs(including_future=True)
    (told,) = letters()
    assert "We replaced the pump." in body(told) and told["Auto-Submitted"] is None
