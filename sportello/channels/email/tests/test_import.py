"""Does old mail come in as history: under its own dates, in its own order, and in silence?"""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from sportello.channels.email.models import InboundMail, OutgoingMail
from sportello.channels.email.testing import ADDRESS, arrives, make_mail, make_mailbox
from sportello.kernel.files import read
from sportello.kernel.jobs.testing import run_jobs
from sportello.people.testing import make_administrator, make_agent
from sportello.tickets.models import Ticket
from sportello.tickets.replay import as_it_is, as_it_was
from sportello.tickets.testing import make_reply

pytestmark = pytest.mark.django_db

MARCH = datetime(2025, 3, 4, 9, 30, tzinfo=UTC)
JUNE = datetime(2025, 6, 1, 8, 0, tzinfo=UTC)
ON_MARCH, ON_JUNE = "Tue, 04 Mar 2025 10:30:00 +0100", "Sun, 01 Jun 2025 08:00:00 +0000"


def question(text: str = "It is cold.", **headers: str) -> bytes:
    return make_mail(text, **({"Date": ON_MARCH, "Message_ID": "<q@client.example>"} | headers))


def our_answer(**headers: str) -> bytes:
    given = {
        "Date": "Tue, 04 Mar 2025 11:00:00 +0000",
        "Message_ID": "<a@desk.example>",
        "In_Reply_To": "<q@client.example>",
    }
    return make_mail("Turn it on.", sender=f"Marta Rinaldi (Alba Termica) <{ADDRESS}>", **(given | headers))


def taken_in(folder: Path, capsys: pytest.CaptureFixture[str], *options: str, **files: bytes) -> str:
    """What the command says about these files; nothing may leave because of them."""
    for name, raw in files.items():
        (folder / name.replace("__", ".")).write_bytes(raw)
    call_command("import_mail", str(folder), *options)
    run_jobs(including_future=True)
    assert not OutgoingMail.objects.exists()
    return capsys.readouterr().out


def test_old_mail_comes_in_once_and_closed_under_its_own_date(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make_mailbox()
    assert "1 taken in, 0 known already" in taken_in(tmp_path, capsys, one__eml=question(Cc="boss@client.example"))
    assert "0 taken in, 1 known already" in taken_in(tmp_path, capsys)
    ticket = Ticket.objects.get()
    assert (ticket.status, ticket.created_at, ticket.closed_at) == ("closed", MARCH, MARCH)
    assert ticket.updated_at == ticket.last_customer_at == ticket.messages.get().created_at == MARCH
    assert as_it_was(ticket, timezone.now()) == as_it_is(ticket) and as_it_was(ticket, MARCH)["status"] == "closed"


@pytest.mark.parametrize("status", ["solved", "new"])
def test_it_comes_in_as_the_option_says_and_solving_it_tells_nobody(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], status: str
) -> None:
    make_mailbox()
    taken_in(tmp_path, capsys, f"--status={status}", one__eml=question())
    ticket = Ticket.objects.get()
    assert ticket.status == status and (ticket.solved_at == MARCH) is (status == "solved")
    ticket.solve(by=make_administrator())
    run_jobs(including_future=True)
    assert not OutgoingMail.objects.exists()


def test_an_original_is_read_before_its_answer_whatever_the_files_are_called(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make_mailbox()
    early = "Mon, 03 Mar 2025 10:00:00 +0000"  # by a clock that goes wrong
    answer = question("And?", Message_ID="<q2@client.example>", In_Reply_To="<q@client.example>", Date=early)
    taken_in(tmp_path, capsys, a__eml=answer, b__eml=question())
    ticket = Ticket.objects.get()
    assert list(ticket.messages.values_list("text", flat=True)) == ["It is cold.", "And?"]
    assert ticket.updated_at == MARCH


def test_what_we_sent_becomes_our_answer_or_is_left_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    box = make_mailbox()
    agent = make_agent(box.team, name="Marta Rinaldi")
    stray = our_answer(Message_ID="<stray@desk.example>", In_Reply_To="<lost@client.example>")
    said = taken_in(tmp_path, capsys, a__eml=our_answer(), b__eml=question(), c__eml=stray)
    assert "2 taken in, 0 known already, 1 left out" in said and "0 in quarantine" in said
    assert said.startswith("Left out: the mail of ") and said.count("Left out: ") == 1
    ticket = Ticket.objects.get()
    assert [(m.author, m.incoming) for m in ticket.messages.all()] == [(ticket.requester, 1), (agent, 0)]
    assert ticket.status == "closed" and ticket.messages.all()[1].created_at == datetime(2025, 3, 4, 11, tzinfo=UTC)


def test_an_mbox_is_split_and_its_quoting_undone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    make_mailbox()
    mbox = (
        b"From x\n"
        + question("Hello\n>From here on it is cold.\n>>From there too.")
        + b"\nFrom y\n"
        + question("Later", Message_ID="<q2@client.example>", Date=ON_JUNE)
    )
    assert "2 taken in" in taken_in(tmp_path, capsys, all__mbox=mbox)
    first, second = Ticket.objects.order_by("pk")
    inbound = InboundMail.objects.get(message__ticket=first)
    assert b"\nFrom here on" in read(inbound.raw) and b"\n>From there too" in read(inbound.raw)
    assert second.created_at == JUNE


def test_what_is_no_mail_is_refused_or_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    make_mailbox()
    noise = tmp_path / "README"
    noise.write_bytes(bytes(range(256)) * 40 + b"\nTo: be or not\n")
    with pytest.raises(CommandError, match="README is no mail and no mailbox file"):
        call_command("import_mail", str(noise))
    said = taken_in(tmp_path, capsys, one__eml=question())
    assert f"{noise} is no mail and was passed over." in said and "1 taken in" in said
    assert InboundMail.objects.count() == 1


def test_a_date_that_cannot_be_is_the_day_of_the_import(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    make_mailbox()
    before = timezone.now()
    taken_in(tmp_path, capsys, a__eml=question(Date="Tue, 04 Mar 2195 10:30:00 +0100"))
    assert before <= Ticket.objects.get().created_at <= timezone.now()


def test_history_joins_a_live_ticket_without_touching_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    box = make_mailbox()
    arrives(box, question())
    ticket = Ticket.objects.get()
    make_reply(ticket, make_agent(box.team), then="waiting")
    run_jobs(including_future=True)
    OutgoingMail.objects.all().delete()
    ticket.refresh_from_db()
    before = ticket.last_message_at
    answer = question("Old words", Message_ID="<q2@client.example>", In_Reply_To="<q@client.example>")
    taken_in(tmp_path, capsys, a__eml=answer)
    ticket.refresh_from_db()
    assert (ticket.status, ticket.messages.count()) == ("waiting", 3) and ticket.last_message_at >= before
