"""What waits while another's server accepts and says nothing? Neither mail that comes in nor that of other mailboxes."""

import socket
from collections.abc import Iterator
from datetime import timedelta
from threading import Event

import pytest
import time_machine
from django.utils import timezone

from sportello.channels.email import outbox
from sportello.channels.email.deliveries import try_again
from sportello.channels.email.jobs import fetch_mailbox
from sportello.channels.email.models import Mailbox, OutgoingMail, Security
from sportello.channels.email.reception import Arrival, take_in
from sportello.channels.email.testing import make_mailbox
from sportello.channels.email.tests.peer import peer
from sportello.kernel.jobs import Worker
from sportello.kernel.jobs.testing import run_jobs
from sportello.kernel.models import Job, State
from sportello.kernel.ports import free_port
from sportello.kernel.tests.running import Threads, wait_until
from sportello.people.testing import make_administrator, make_agent, make_team
from sportello.tickets.models import Ticket
from sportello.tickets.testing import make_reply, make_ticket

MAIL = b"From: Ana <ana@client.example>\r\nTo: support@desk.example\r\nSubject: The boiler\r\n\r\nIt is cold.\r\n"


@pytest.fixture
def silent() -> Iterator[socket.socket]:
    """Accepts, in its backlog, and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        yield door


def port_of(door: socket.socket) -> int:
    return int(door.getsockname()[1])


@pytest.mark.django_db(transaction=True)
def test_e79_two_silent_servers_hold_up_neither_reading_nor_other_mailboxes(silent: socket.socket) -> None:
    here = {"smtp_host": "127.0.0.1", "smtp_security": Security.NONE}
    slow = make_mailbox("slow@desk.example", imap_host="127.0.0.1", imap_port=port_of(silent), imap_security="none")
    slow.keep_passwords(imap="secret")
    slow.save(update_fields=["imap_sealed"])
    mute = make_mailbox("mute@desk.example", team=make_team("Mute"), smtp_port=port_of(silent), **here)
    stop, held = Event(), []
    with Threads() as threads, peer() as server:
        good = make_mailbox("support@desk.example", team=make_team("Good"), **server.place)
        threads.start(Worker(name="thread", stop=stop, drain=timedelta(seconds=8)).run)
        try:
            fetch_mailbox.enqueue(slow.pk)
            make_reply(make_ticket(team=mute.team), make_agent(mute.team))
            for _ in range(2):
                held.append(silent.accept()[0])
            take_in(good, Arrival(MAIL, source="smtp"))
            wait_until(lambda: Ticket.objects.filter(subject="The boiler").exists())
            wait_until(lambda: OutgoingMail.objects.filter(mailbox=good, state="sent").exists())
        finally:
            stop.set()
            for door in (silent, *held):
                door.close()


def asked_where_nobody_answers() -> tuple[Ticket, Mailbox]:
    """A ticket with nothing under way, and its mailbox, whose SMTP server is not there."""
    box = make_mailbox(smtp_host="127.0.0.1", smtp_port=free_port("127.0.0.1"), smtp_security=Security.NONE)
    ticket = make_ticket(team=box.team)
    OutgoingMail.objects.all().delete()
    Job.objects.all().delete()
    return ticket, box


@pytest.mark.django_db
def test_the_other_mails_of_a_mailbox_do_not_each_try_a_server_that_lets_nobody_in() -> None:
    ticket, box = asked_where_nobody_answers()
    with time_machine.travel(timezone.now(), tick=False) as clock:
        for _ in range(3):
            make_reply(ticket, make_agent(box.team))
        run_jobs()
        mails = OutgoingMail.objects.order_by("id")
        assert [mail.attempts for mail in mails] == [1, 0, 0]
        assert {mail.state for mail in mails} == {"deferred"}
        assert mails[1].next_try_at == timezone.now() + timedelta(seconds=60)
        assert "127.0.0.1" in mails[1].last_answer
        clock.shift(timedelta(seconds=60))
        run_jobs()
        assert sum(mail.attempts for mail in mails.all()) == 2
        with peer() as server:
            Mailbox.objects.update(smtp_port=server.place["smtp_port"])
            assert try_again(mails[2], by=make_administrator())
            run_jobs()
            assert mails.all()[2].state == "sent"


@pytest.mark.django_db
def test_one_job_sends_a_mail_however_often_somebody_asks() -> None:
    ticket, box = asked_where_nobody_answers()
    make_reply(ticket, make_agent(box.team))
    mail, jobs = OutgoingMail.objects.get(), Job.objects.filter(task__endswith=".send_mail")
    run_jobs()
    for _ in range(3):
        outbox.send_what_waits(box)
        mail.refresh_from_db()
        try_again(mail, by=make_administrator())
        run_jobs()
    assert OutgoingMail.objects.get().state == "deferred" and jobs.count() == 1
    jobs.update(state=State.RUNNING, lease_until=timezone.now() + timedelta(seconds=60), worker="another")
    outbox.send_what_waits(box)
    assert jobs.count() == 1
