"""Does mail come in by IMAP from a real server, once, whatever people do with it there?"""

import pytest

from sportello.channels.email.fetching import fetch
from sportello.channels.email.jobs import fetch_all, fetch_mailbox
from sportello.channels.email.models import InboundMail, Mailbox
from sportello.channels.email.testing import make_mail, make_mailbox
from sportello.kernel.jobs.testing import run_jobs
from sportello.kernel.models import Job
from sportello.tickets.models import Ticket
from tests.dovecot import PASSWORD, Inbox

pytestmark = [pytest.mark.django_db, pytest.mark.dovecot]


def mailbox_at(inbox: Inbox, address: str = "support@desk.example") -> Mailbox:
    box = make_mailbox(address, created_at="2020-01-01T00:00Z", **inbox.settings)
    box.keep_passwords(imap=PASSWORD)
    box.save(update_fields=["imap_sealed"])
    return Mailbox.objects.get(pk=box.pk)


def test_a_mail_in_a_mailbox_becomes_a_ticket_once(inbox: Inbox) -> None:
    box = mailbox_at(inbox)
    inbox.receive(make_mail("By IMAP"))
    assert fetch(box) == 1
    run_jobs(including_future=True)
    assert Ticket.objects.get().messages.get().text == "By IMAP"
    box.refresh_from_db()
    assert fetch(box) == 0
    inbox.receive(make_mail("Another", Message_ID="<2@client.example>"))
    box.refresh_from_db()
    assert fetch(box) == 1
    assert InboundMail.objects.count() == 2


def test_a_mail_that_somebody_read_is_taken_in_all_the_same(inbox: Inbox) -> None:
    """E80: the read flag counts for nothing."""
    inbox.receive(make_mail("Read elsewhere"), read=True)
    assert fetch(mailbox_at(inbox)) == 1


def test_a_server_that_numbers_anew_brings_no_second_ticket(inbox: Inbox) -> None:
    """E76."""
    box = mailbox_at(inbox)
    inbox.receive(make_mail("Once"))
    fetch(box)
    run_jobs(including_future=True)
    InboundMail.objects.update(source_key="1:1")
    Mailbox.objects.filter(pk=box.pk).update(imap_uidvalidity=1)
    fetch(Mailbox.objects.get(pk=box.pk))
    run_jobs(including_future=True)
    assert Ticket.objects.count() == 1
    assert set(InboundMail.objects.values_list("state", flat=True)) == {"done", "duplicate"}


def test_a_wrong_password_is_noted_on_the_mailbox(inbox: Inbox) -> None:
    box = mailbox_at(inbox)
    box.keep_passwords(imap="wrong")
    box.save(update_fields=["imap_sealed"])
    assert fetch(box) == 0
    box.refresh_from_db()
    assert box.failing_since is not None and box.leased_until is None
    ((_since, said),) = box.troubles
    assert said.startswith("Signing in is refused. The server said: ") and "b'" not in said
    assert "Check user and password" in said


def test_one_worker_at_a_time_reads_a_mailbox(inbox: Inbox) -> None:
    box = mailbox_at(inbox)
    inbox.receive(make_mail())
    assert box.lease(60) and fetch(box) == 0


def test_all_mailboxes_are_read_by_jobs_and_one_that_fails_holds_up_no_other(inbox: Inbox) -> None:
    gone = make_mailbox("gone@desk.example", imap_host="127.0.0.1", imap_port=1, imap_security="none")
    box = mailbox_at(inbox)
    inbox.receive(make_mail("By a job"))
    fetch_all.enqueue()
    run_jobs()
    assert Ticket.objects.get().messages.get().text == "By a job"
    gone.refresh_from_db()
    box.refresh_from_db()
    assert gone.failing_since and gone.last_error
    assert not box.failing_since and box.last_success_at


def test_a_mailbox_without_an_imap_server_gets_no_job_and_one_that_waits_gets_no_second(inbox: Inbox) -> None:
    box = mailbox_at(inbox)
    make_mailbox("by-smtp@desk.example")
    fetch_all.call()
    fetch_all.call()
    assert [job.args for job in Job.objects.filter(task=fetch_mailbox.module_path)] == [[box.pk]]
