"""Does the test of a mailbox say in words which step failed, what the server answered, and what to do?"""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pytest
from django.conf import LazySettings

from sportello.channels.email.fetching import fetch
from sportello.channels.email.mailbox_settings import try_servers
from sportello.channels.email.models import Mailbox, OutgoingMail
from sportello.channels.email.testing import make_mailbox
from sportello.channels.email.trials import tried_imap, tried_smtp
from sportello.kernel.jobs.testing import run_jobs
from sportello.kernel.ports import free_port
from sportello.people.testing import make_agent
from sportello.tickets.testing import make_reply, make_ticket

pytestmark = pytest.mark.django_db

SMTP = {b"EHLO": b"250-mail.example\r\n250 AUTH PLAIN", b"AUTH": b"535 5.7.8 Bad credentials \xe2\x80\x94 go away"}
HELLO = b"220 mail.example ESMTP"


@contextmanager
def peer(hello: bytes, answers: dict[bytes, bytes]) -> Iterator[int]:
    """A server that answers each line by how it begins, after the tag where there is one. Yields its port."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        door.settimeout(20)

        def serve() -> None:
            with suppress(ConnectionError), door.accept()[0] as line, line.makefile("rwb") as talk:
                talk.write(hello + b"\r\n")
                talk.flush()
                for asked in talk:
                    tag, _, rest = asked.partition(b" ")
                    words = asked if hello is HELLO else rest
                    said = next((a for name, a in answers.items() if words.upper().startswith(name)), b"500 what")
                    talk.write(said.replace(b"TAG", tag) + b"\r\n")
                    talk.flush()

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield int(door.getsockname()[1])
        thread.join(20)


def _smtp(port: int, **fields: str) -> Mailbox:
    about: dict[str, Any] = {"smtp_host": "127.0.0.1", "smtp_port": port, "smtp_security": "none", **fields}
    box = make_mailbox(**about)
    box.keep_passwords(smtp="wrong", imap="wrong")
    return box


def test_a_refused_password_is_said_with_the_servers_own_words() -> None:
    with peer(HELLO, SMTP) as port:
        said = tried_smtp(_smtp(port, smtp_user="ana"))
    assert said.startswith(
        "Signing in is refused. The server said: 535 5.7.8 Bad credentials — go away. Check user and"
    )


def test_imap_says_so_too() -> None:
    answers = {
        b"CAPABILITY": b"* CAPABILITY IMAP4rev1\r\nTAG OK done",
        b"LOGIN": b"TAG NO [AUTHENTICATIONFAILED] Wrong",
    }
    with peer(b"* OK ready", answers) as port:
        box = make_mailbox(imap_host="127.0.0.1", imap_port=port, imap_security="none", imap_user="ana")
        box.keep_passwords(imap="wrong")
        said = tried_imap(box)
    assert said.startswith(
        "Signing in is refused. The server said: [AUTHENTICATIONFAILED] Wrong. Check user and password."
    )


def test_tls_to_a_server_that_speaks_plainly_names_port_and_security() -> None:
    with peer(HELLO, SMTP) as port:
        said = tried_smtp(_smtp(port, smtp_security="tls"))
    assert said.startswith("No encrypted connection comes about. Check port and security together")


def test_a_server_of_another_kind_names_port_and_security() -> None:
    with peer(b"* OK [CAPABILITY IMAP4rev1] ready", {}) as port:
        said = tried_smtp(_smtp(port))
    assert said.startswith(
        "What answers is no server for sending. The server said: [CAPABILITY IMAP4rev1] ready. Check port and security"
    )


def test_a_port_where_nobody_listens_is_told() -> None:
    said = tried_smtp(_smtp(free_port("127.0.0.1")))
    assert said == "Nothing listens on this port of the server. Check server and port."


SEALED = "The stored password was sealed with another key. Add the old key to SPORTELLO_SEAL_KEYS"


@pytest.fixture
def locked(settings: LazySettings) -> Mailbox:
    """A mailbox whose passwords were sealed with a key that was lost meanwhile."""
    nowhere: dict[str, Any] = {"imap_host": "127.0.0.1", "imap_port": free_port("127.0.0.1"), "imap_user": "ana"}
    box = _smtp(free_port("127.0.0.1"), smtp_user="ana", **nowhere)
    box.save(update_fields=["imap_sealed", "smtp_sealed"])
    settings.SPORTELLO_SEAL_KEYS = ["a new key"]
    return box


def test_a_password_under_another_key_is_named_by_the_test_and_by_reading(locked: Mailbox) -> None:
    assert [step.error.startswith(SEALED) for step in try_servers(locked)] == [True, True]
    assert fetch(locked) == 0
    locked.refresh_from_db()
    assert locked.troubles[0][1].startswith(SEALED) and locked.failing_since and locked.last_success_at is None


def test_mail_waits_while_the_password_lies_under_another_key(locked: Mailbox) -> None:
    message = make_reply(make_ticket(team=locked.team), make_agent(locked.team))
    run_jobs()
    locked.refresh_from_db()
    assert OutgoingMail.objects.get(message=message).state == "deferred" and SEALED in locked.troubles[0][1]


def test_the_old_key_beside_the_new_one_opens_it_again(locked: Mailbox, settings: LazySettings) -> None:
    assert locked.is_locked
    settings.SPORTELLO_SEAL_KEYS = ["a new key", settings.SECRET_KEY]
    assert not locked.is_locked and locked.imap_password == "wrong"


def test_a_reading_that_fails_on_our_side_is_no_success(locked: Mailbox, settings: LazySettings) -> None:
    settings.SPORTELLO_SEAL_KEYS = [object()]  # no key at all
    with pytest.raises(AttributeError):
        fetch(locked)
    locked.refresh_from_db()
    assert locked.failing_since and locked.last_error.startswith("A fault of the program stops the reading.")
