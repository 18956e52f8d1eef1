"""Does old mail come in as history: under its own dates, in its own order, and in silence?"""

import os
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from sportello.channels.email.models import InboundMail, OutgoingMail
from sportello.channels.email.testing import ADDRESS, arrives, make_mail, make_mailbox
from sportello.kernel.files import read
from sportello.kernel.jobs.testing import run_jobs
from sportello.people.testing import make_administrator, make_agent
from sportello.tickets.models import Message, Ticket
from sportello.tickets.replay import as_it_is, as_it_was
from sportello.tickets.testing import make_reply

pytestmark = pytest.mark.django_db

MARCH = datetime(2025, 3, 4, 9, 30, tzinfo=UTC)
JUNE = datetime(2025, 6, 1, 8, 0, tzinfo=UTC)
ON_MARCH, ON_JUNE = "Tue, 04 Mar 2025 10:30:00 +0100", "Sun, 01 Jun 2025 08:00:00 +0000"


FROM_LINE = b"From ana@client.example Tue Mar  4 09:30:00 2025\n"


def question(text: str = "It is cold.", **headers: str) -> bytes:
    return make_mail(text, **({"Date": ON_MARCH, "Message_ID": "<q@client.example>"} | headers))


def our_answer(**headers: str) -> bytes:
    given = {
        "Date": "Tue, 04 Mar 2025 11:00:00 +0000",
        "Message_ID": "<a@desk.example>",
        "In_Reply_To": "<q@client.example>",
        "To": "ana@client.example",
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


def test_what_we_sent_is_left_out_until_the_request_that_it_answers_is_here(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make_mailbox()
    assert "0 taken in, 0 known already, 1 left out" in taken_in(tmp_path, capsys, sent__eml=our_answer())
    assert "0 taken in, 0 known already, 1 left out" in taken_in(tmp_path, capsys)
    (tmp_path / "inbox").mkdir()
    assert "1 taken in" in taken_in(tmp_path / "inbox", capsys, one__eml=question())
    again = our_answer(X_Mozilla_Status="0001")  # the same mail out of another program
    assert "1 taken in, 2 known already, 0 left out" in taken_in(tmp_path, capsys, copy__eml=again)
    assert list(Ticket.objects.get().messages.values_list("incoming", flat=True)) == [1, 0]
    assert "0 taken in, 3 known already, 0 left out" in taken_in(tmp_path, capsys)


def test_an_mbox_is_split_and_its_quoting_undone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    make_mailbox()
    mbox = (
        FROM_LINE
        + question("Hello\n>From here on it is cold.\n>>From there too.")
        + b"\n"
        + FROM_LINE
        + question("Later", Message_ID="<q2@client.example>", Date=ON_JUNE)
    )
    assert "2 taken in" in taken_in(tmp_path, capsys, all__mbox=mbox)
    first, second = Ticket.objects.order_by("pk")
    inbound = InboundMail.objects.get(message__ticket=first)
    assert b"\nFrom here on" in read(inbound.raw) and b"\n>From there too" in read(inbound.raw)
    assert second.created_at == JUNE


@pytest.mark.parametrize(
    "line",
    [
        "From alice@c.example Mon Jan  1 10:00:00 2024",
        "From - Mon Jan 01 10:00:00 2024",
        "From MAILER-DAEMON Mon Jan  1 10:00 CET 2024 +0100",
        "From ???@??? Mon Jan 01 10:00:00 2024",
        "From 1780@xxx Mon Jan 01 10:00:00 +0000 2024",
        "From alice@c.example Mon, 1 Jan 2024 10:00:00 +0000",
        "From alice@c.example 2024-01-01T10:00:00+00:00",
    ],
)
def test_an_mbox_is_cut_where_a_mail_begins_and_nowhere_else(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], line: str
) -> None:
    make_mailbox()
    words = [
        "Dear all,\n\nFrom Monday we are in via Roma 5.\nFrom 10:30 on 5 May 2024 somebody is there.",
        f"No empty line:\n{line}\nstands above.",
    ]
    mails = [question(text, Message_ID=f"<q{number}@client.example>") for number, text in enumerate(words)]
    mbox = b"\n".join(line.encode() + b"\n" + mail for mail in mails)
    for all_of_it in (mbox, mbox.replace(b"\n", b"\r\n")):
        (tmp_path / "all.mbox").write_bytes(all_of_it)
        taken_in(tmp_path, capsys)
        assert [text.strip() for text in Message.objects.order_by("pk").values_list("text", flat=True)] == words


def test_a_file_called_eml_is_one_mail_whatever_it_says(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    make_mailbox()
    words = f"It said:\n\n{FROM_LINE.decode()}From: Ben <ben@client.example>\n\n>From him."
    raw = FROM_LINE + question(words)
    assert "1 taken in" in taken_in(tmp_path, capsys, one__eml=raw)
    assert Ticket.objects.get().subject == "The boiler is cold"
    assert read(InboundMail.objects.get().raw) == raw


class Impatient(StringIO):
    """Who reads it presses Ctrl-C at the first word about what was left out."""

    def write(self, text: str) -> int:
        if text.startswith("Left out"):
            raise KeyboardInterrupt
        return super().write(text)


def test_conversations_are_closed_one_by_one_and_an_interruption_leaves_none_open(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make_mailbox()
    mails = {
        "a": question(),
        "b": our_answer(In_Reply_To="<else@client.example>", Date="Mon, 31 Mar 2025 10:00:00 +0000"),
        "c": question("Other", Message_ID="<q3@client.example>", Date="Tue, 01 Apr 2025 10:00:00 +0000"),
        "d": question("Later", Message_ID="<q2@client.example>", In_Reply_To="<q@client.example>", Date=ON_JUNE),
    }
    for name, raw in mails.items():
        (tmp_path / f"{name}.eml").write_bytes(raw)
    told = Impatient()
    with pytest.raises(KeyboardInterrupt):
        call_command("import_mail", str(tmp_path), stdout=told)
    assert told.getvalue().startswith("Stopped. 2 taken in, 0 known already, 1 left out")
    assert told.getvalue().endswith("Run it again to go on: what is here stays one mail.\n")
    ticket = Ticket.objects.get()
    assert (ticket.status, ticket.messages.count(), ticket.solved_at) == ("closed", 2, JUNE)
    assert "1 taken in, 2 known already, 1 left out" in taken_in(tmp_path, capsys)
    assert list(Ticket.objects.values_list("status", flat=True)) == ["closed"] * 2


def test_what_is_no_mail_is_refused_or_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    make_mailbox()
    noise = tmp_path / "README"
    noise.write_bytes(bytes(range(256)) * 40 + b"\nTo: be or not\n")
    with pytest.raises(CommandError, match=r"README is no mail\.$"):
        call_command("import_mail", str(noise))
    said = taken_in(tmp_path, capsys, one__eml=question())
    assert f"{noise} is no mail and was passed over." in said and "1 taken in" in said and "1 passed over." in said
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


def test_each_piece_of_an_mbox_comes_in_or_waits_in_quarantine(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make_mailbox()
    late_headers = question("Behind much", X_Fill="x" * 400_000, Message_ID="<q2@client.example>")
    pieces = [question(), b"From: lonely@client.example\n\nLonely\n", b"\nNo headers at all\n", late_headers, b""]
    said = taken_in(tmp_path, capsys, all__mbox=b"\n".join(FROM_LINE + piece for piece in pieces))
    assert "5 taken in, 0 known already, 0 left out" in said and "1 in quarantine, 0 passed over." in said
    texts = " ".join(Message.objects.values_list("text", flat=True))
    assert all(words in texts for words in ("It is cold.", "Lonely", "No headers at all", "Behind much"))


def test_a_line_that_only_goes_on_with_from_begins_no_mail(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    make_mailbox()
    mbox = b"\n" + FROM_LINE + question("x" * (64 * 1024) + "From here on it is cold.")
    assert "1 taken in" in taken_in(tmp_path, capsys, all__mbox=mbox)


def make_maildir(place: Path, **mails: bytes) -> None:
    (place / "cur").mkdir(parents=True)
    for name, raw in mails.items():
        (place / "cur" / f"{name}:2,S").write_bytes(raw)


def test_a_maildir_comes_in_with_the_folders_inside_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    make_mailbox()
    make_maildir(tmp_path, one=question(), two=b"Subject: One sign\n\nFew headers")
    make_maildir(tmp_path / ".Archive", three=question("Filed", Message_ID="<q2@client.example>"))
    make_maildir(tmp_path / "Sent" / "2024", four=question("Deep", Message_ID="<q3@client.example>"))
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / "one.host.example").write_bytes(question("Same name", Message_ID="<q4@client.example>"))
    (tmp_path / "dovecot-uidlist").write_text("3 V1")
    (tmp_path / "cur" / ".DS_Store").write_bytes(b"\0\0\0\1Bud1")
    said = taken_in(tmp_path, capsys)
    assert "5 taken in, 0 known already, 0 left out" in said and "2 passed over." in said
    assert f"{tmp_path}/dovecot-uidlist is no mail" in said and f"{tmp_path}/cur/.DS_Store is no mail" in said


def test_what_is_called_otherwise_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    make_mailbox()
    said = taken_in(tmp_path, capsys, one__eml=question(), two__mbox__gz=b"x", three__emlx=b"x")
    assert f"{tmp_path}/two.mbox.gz is called neither .eml, .mbox nor .mbx and was passed over." in said
    assert f"{tmp_path}/three.emlx is called" in said and "1 taken in" in said and "2 passed over." in said


@pytest.mark.parametrize("inside", [".", "cur", "new"])
def test_what_cannot_be_opened_is_named_and_the_others_come_in(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], inside: str
) -> None:
    make_mailbox()
    folder = tmp_path / "mails" / inside
    make_maildir(tmp_path / "mails") if inside == "cur" else folder.mkdir(parents=True)
    (tmp_path / "mails" / "tmp").mkdir()
    (folder / "good.eml").write_bytes(question())
    (folder / "dead.eml").symlink_to("/nonexistent")
    (folder / "me.eml").symlink_to("me.eml")
    (folder / "loop").symlink_to(".")
    os.mkfifo(folder / "pipe.eml")
    Path(os.fsdecode(os.fsencode(folder) + b"/\xff\n.eml")).symlink_to("/nonexistent")
    said = taken_in(tmp_path, capsys)
    assert "1 taken in" in said and "5 passed over." in said
    for name, reason in (
        ("dead.eml", "cannot be read (No such file or directory)"),
        ("me.eml", "cannot be read (Too many levels of symbolic links)"),
        ("loop", "is a link to a folder"),
        ("pipe.eml", "is neither a file nor a folder"),
        ("? .eml", "cannot be read (No such file or directory)"),
    ):
        assert f"{folder}/{name} {reason} and was passed over.\n" in said


def test_a_source_that_cannot_be_opened_is_refused_in_a_sentence(tmp_path: Path) -> None:
    make_mailbox()
    with pytest.raises(CommandError, match=r"/dev/null is neither a file nor a folder\.$"):
        call_command("import_mail", "/dev/null")
    with pytest.raises(CommandError, match=r"cannot be read \(No such file or directory\)\.$"):
        call_command("import_mail", str(tmp_path / "no"))
    with pytest.raises(CommandError, match=r"cannot be read \(File name too long\)\.$"):
        call_command("import_mail", "x" * 300)
    with pytest.raises(CommandError, match="no text in UTF-8"):
        call_command("import_mail", str(tmp_path), "--mailbox", "\udcff")


def test_a_mail_that_goes_away_meanwhile_is_named(tmp_path: Path) -> None:
    make_mailbox()
    later = tmp_path / "later.eml"
    for place, raw in ((tmp_path / "first.eml", question()), (later, question("Late")), (tmp_path / "README", b"")):
        place.write_bytes(raw)

    class TakesAway(StringIO):
        """Where the command names the README, before it takes anything in."""

        def write(self, text: str) -> int:
            later.unlink(missing_ok=True)
            return super().write(text)

    said = TakesAway()
    call_command("import_mail", str(tmp_path), stdout=said)
    assert f"{later} cannot be read any more (No such file or directory) and was passed over." in said.getvalue()
    assert "1 taken in" in said.getvalue() and "2 passed over." in said.getvalue()
