"""Does our SMTP door take every mail as it is, and does one sender leave room for the others?"""

import gc
import smtplib
import socket
import struct
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import settings as searching
from hypothesis import strategies as st

from sportello.channels.email import smtp_conversation, smtp_server
from sportello.channels.email.models import InboundMail
from sportello.channels.email.smtp_server import Intake
from sportello.channels.email.testing import ADDRESS, make_mail, make_mailbox
from sportello.kernel.files import read
from sportello.kernel.networks import Room
from sportello.kernel.tests.running import wait_until

pytestmark = pytest.mark.django_db(transaction=True)

MIB = 1024 * 1024
HEAD = f"From: ana@client.example\r\nTo: {ADDRESS}\r\nSubject: Long\r\nContent-Type: text/html\r\n\r\n".encode()


@pytest.fixture
def intake() -> Iterator[Intake]:
    make_mailbox()
    intake = Intake("127.0.0.1", 0)
    intake.start()
    yield intake
    intake.stop()


def room_of(intake: Intake) -> Room:
    return intake.controller.handler.room


def hello(intake: Intake) -> smtplib.SMTP:
    server = smtplib.SMTP("127.0.0.1", intake.port, timeout=20)
    server.ehlo()
    return server


def in_data(intake: Intake) -> smtplib.SMTP:
    """Somebody whose mail may come now."""
    server = hello(intake)
    server.mail("ana@client.example")
    server.rcpt(ADDRESS)
    assert server.docmd("DATA")[0] == 354
    return server


def kept() -> list[bytes]:
    return [read(mail.raw) for mail in InboundMail.objects.order_by("pk") if mail.raw]


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"<p>" + b"word " * 240 + b"</p>\r\n", id="a line of 1200 bytes"),
        pytest.param(b"x" * MIB + b"\r\n", id="B016, a line of 1 MiB"),
        pytest.param(b'<p title="' + b"x" * 5 * MIB + b'">Hi</p>\r\n', id="B023, an attribute of 5 MiB"),
        pytest.param(b"." * 200_000 + b"\r\n.\r\n..\r\n.x\r\n", id="dots"),
        pytest.param(b"x" * (64 * 1024 - len(HEAD)) + b"\r\n." + b"x" * 65536 + b"\r\n", id="a dot after 64 KiB"),
    ],
)
def test_a_mail_is_kept_as_it_was_sent(intake: Intake, body: bytes) -> None:
    with hello(intake) as server:
        server.sendmail("ana@client.example", [ADDRESS], HEAD + body)
    assert kept() == [HEAD + body + (b"" if body.endswith(b"\r\n") else b"\r\n")]


@searching(max_examples=25)
@given(pieces=st.lists(st.sampled_from([b".", b"\r\n", b"\r", b"\n", b"x", b"y" * 40_000]), max_size=12))
def test_no_line_end_and_no_dot_is_lost_or_added(pieces: list[bytes]) -> None:
    mail, said = b"".join(pieces) + b"\r\n", b""
    sent = b"".join(b"." * line.startswith(b".") + line + b"\r\n" for line in mail.split(b"\r\n")[:-1]) + b".\r\n"

    class Keeping(smtp_server.Door):
        async def keep(self, _envelope: object, file: object) -> str:
            nonlocal said
            file.seek(0)  # type: ignore[attr-defined]  # the file of the mail
            said = file.read()  # type: ignore[attr-defined]  # the file of the mail
            return "250 Kept"

        async def handle_RCPT(self, _s: object, _n: object, envelope: object, address: str, _o: object) -> str:
            envelope.rcpt_tos.append(address)  # type: ignore[attr-defined]  # aiosmtpd's
            return "250 Ok"

    intake = Intake("127.0.0.1", 0)
    intake.controller.handler = Keeping()
    intake.start()
    try:
        with in_data(intake) as server:
            server.send(sent + b"NOOP\r\n")
            assert server.getreply()[0] == 250 and server.getreply()[0] == 250
    finally:
        intake.stop()
    assert said == mail


def test_several_mails_come_in_one_connection_and_commands_at_once(intake: Intake) -> None:
    with in_data(intake) as server:
        again = f"MAIL FROM:<bo@client.example>\r\nRCPT TO:<{ADDRESS}>\r\nDATA\r\nSecond\r\n.\r\n"
        server.send(b"First\r\n.\r\n" + again.encode())
        assert [server.getreply()[0] for _ in range(5)] == [250, 250, 250, 354, 250]
    assert kept() == [b"First\r\n", b"Second\r\n"]
    assert room_of(intake).total == 0


def test_a_mail_above_the_limit_is_refused_for_good_and_the_next_is_taken(settings: object, intake: Intake) -> None:
    intake.controller.SMTP_kwargs["data_size_limit"] = MIB
    with in_data(intake) as server:
        server.send(b"x" * (MIB + 1) + b"\r\n.\r\n")
        assert server.getreply()[0] == 552
        server.sendmail("ana@client.example", [ADDRESS], make_mail())
    assert len(kept()) == 1


def test_half_a_mail_is_none_and_its_room_is_free_again(intake: Intake) -> None:
    server = in_data(intake)
    server.send(HEAD + b"x" * MIB)
    wait_until(lambda: room_of(intake).total > MIB // 2)
    server.close()
    wait_until(lambda: room_of(intake).total == 0)
    assert not InboundMail.objects.exists()


def test_mails_that_arrive_have_a_limit_together_and_who_finds_no_room_tries_again_later(intake: Intake) -> None:
    intake.controller.handler.room = Room(most=2 * MIB, most_of_one=2 * MIB)
    with in_data(intake) as first, in_data(intake) as second:
        first.send(b"x" * MIB)
        wait_until(lambda: room_of(intake).total > MIB - 70_000)
        second.send(b"x" * (MIB + 80_000) + b"\r\n.\r\n")
        assert second.getreply()[0] == 452
        first.send(b"\r\n.\r\n")
        assert first.getreply()[0] == 250
        second.sendmail("ana@client.example", [ADDRESS], make_mail())
    assert len(kept()) == 2


def test_a_mail_that_never_ends_is_cut(intake: Intake, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(smtp_conversation, "MAIL_SECONDS", 0.1)
    server = in_data(intake)
    server.send(HEAD)
    assert server.getreply()[0] == 421
    wait_until(lambda: room_of(intake).total == 0)
    server.close()


def test_one_network_has_so_many_connections_and_is_told_to_come_back(intake: Intake) -> None:
    connections = intake.controller.handler.connections
    wait_until(lambda: connections.total == 0)
    assert connections.most_of_one == 50
    many = [socket.create_connection(("127.0.0.1", intake.port), timeout=20) for _ in range(50)]
    try:
        assert {one.recv(3) for one in many} == {b"220"}
        with socket.create_connection(("127.0.0.1", intake.port), timeout=20) as turned_away:
            assert turned_away.recv(100) == b"421 4.7.0 Too many connections, try again later\r\n"
            assert turned_away.recv(1) == b""
    finally:
        for one in many:
            one.close()
    wait_until(lambda: connections.total == 0)
    with hello(intake) as server:
        assert server.noop()[0] == 250


def test_a_conversation_without_a_mail_ends(intake: Intake, monkeypatch: pytest.MonkeyPatch) -> None:
    assert smtp_conversation.TALK_SECONDS == 5 * 60
    monkeypatch.setattr(smtp_conversation, "TALK_SECONDS", 0.3)
    with socket.create_connection(("127.0.0.1", intake.port), timeout=20) as talking:
        said = b"".join(iter(lambda: talking.recv(1000), b""))
    assert said.endswith(b"\r\n421 4.4.2 No mail came, try again later\r\n")
    wait_until(lambda: intake.controller.handler.connections.total == 0)


def test_many_commands_without_a_mail_end_it_too(intake: Intake) -> None:
    server = hello(intake)
    answers = [server.noop()[0] for _ in range(48)]
    assert set(answers) == {250}
    assert server.noop()[0] == 421
    with pytest.raises(smtplib.SMTPServerDisconnected):
        server.noop()
    assert not intake.controller.handler.idle


def test_mails_and_their_recipients_are_no_idle_words(intake: Intake, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(smtp_conversation, "MOST_ANSWERS", 6)
    with hello(intake) as server:
        for _ in range(4):
            server.sendmail("ana@client.example", [ADDRESS] * 20, make_mail())
    assert len(kept()) == 4


def test_a_full_room_drops_the_oldest_idle_one_of_the_network_that_holds_most(intake: Intake) -> None:
    connections = intake.controller.handler.connections
    wait_until(lambda: connections.total == 0)
    connections.most = 4

    def from_network(number: int) -> socket.socket:
        address = (f"127.0.9.{number}", 0)
        one = socket.create_connection(("127.0.0.1", intake.port), timeout=20, source_address=address)
        assert one.recv(100).startswith(b"220 ")
        return one

    alone, first, second, third = [from_network(number) for number in (1, 2, 2, 2)]
    with alone, first, second, third, in_data(intake) as server:
        assert first.recv(100) == b"421 4.7.0 Others wait, try again later\r\n" and first.recv(1) == b""
        server.send(HEAD + b"\r\n.\r\n")
        assert server.getreply()[0] == 250
        alone.sendall(b"NOOP\r\n")
        assert alone.recv(100).startswith(b"250 ")
    wait_until(lambda: connections.total == 0)


def test_who_hangs_up_leaves_no_trace_in_the_log(intake: Intake, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("WARNING"):
        for after in (b"", HEAD, HEAD + b"x" * MIB, HEAD + b"\r\n.\r"):
            server = in_data(intake)
            server.send(after)
            assert server.sock
            server.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            server.close()
        wait_until(lambda: intake.controller.handler.connections.total == 0)
        gc.collect()
    assert [record.getMessage() for record in caplog.records] == []
