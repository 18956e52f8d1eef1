"""Does mail come in by IMAP from a real server, once, whatever people do with it there?"""

import getpass
import grp
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from sportello.channels.email.fetching import fetch
from sportello.channels.email.models import InboundMail, Mailbox
from sportello.channels.email.testing import make_mail, make_mailbox
from sportello.kernel.jobs.testing import run_jobs
from sportello.kernel.ports import free_port
from sportello.tickets.models import Ticket

pytestmark = [pytest.mark.django_db, pytest.mark.dovecot]

CONFIGURATION = """
protocols = imap
listen = 127.0.0.1
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/dovecot.log
ssl = no
disable_plaintext_auth = no
default_internal_user = {internal}
default_login_user = {login}
default_internal_group = {internal}
first_valid_uid = 0
mail_location = maildir:{folder}/mail
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
  chroot =
}}
passdb {{
  driver = static
  args = password=open-sesame
}}
userdb {{
  driver = static
  args = uid={user} gid={group} home={folder}
}}
"""


@pytest.fixture
def dovecot() -> Iterator[tuple[int, Path]]:
    """Its port, and its Maildir, which must not be root's."""
    port = free_port("127.0.0.1")
    folder = Path(tempfile.mkdtemp(prefix="dovecot-"))
    folder.chmod(0o755)
    for name in ("run", "state", "mail", "mail/new", "mail/cur", "mail/tmp"):
        (folder / name).mkdir()
    me, my_group = getpass.getuser(), grp.getgrgid(os.getgid()).gr_name
    who = {"internal": me, "login": me, "user": me, "group": my_group}
    if os.getuid() == 0:
        who = {"internal": "dovecot", "login": "dovenull", "user": "nobody", "group": "nogroup"}
        for place in (folder / "mail").rglob("*"):
            shutil.chown(place, "nobody", "nogroup")
        shutil.chown(folder / "mail", "nobody", "nogroup")
    configuration = folder / "dovecot.conf"
    configuration.write_text(CONFIGURATION.format(folder=folder, port=port, **who))
    server = subprocess.Popen(["/usr/sbin/dovecot", "-F", "-c", str(configuration)])
    until = time.monotonic() + 15
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            break
        except OSError:
            assert time.monotonic() < until and server.poll() is None, (folder / "dovecot.log").read_text()
            time.sleep(0.05)
    yield port, folder / "mail"
    server.terminate()
    server.wait(10)
    shutil.rmtree(folder, ignore_errors=True)


def mailbox_at(port: int) -> Mailbox:
    box = make_mailbox(
        imap_host="127.0.0.1", imap_port=port, imap_security="none", imap_user="support", created_at="2020-01-01T00:00Z"
    )
    box.keep_passwords(imap="open-sesame")
    box.save(update_fields=["imap_sealed"])
    return Mailbox.objects.get(pk=box.pk)


def deliver(maildir: Path, name: str, raw: bytes) -> None:
    (maildir / "new" / name).write_bytes(raw)


def test_a_mail_in_a_mailbox_becomes_a_ticket_once(dovecot: tuple[int, Path]) -> None:
    port, maildir = dovecot
    box = mailbox_at(port)
    deliver(maildir, "1.a", make_mail("By IMAP"))
    assert fetch(box) == 1
    run_jobs(including_future=True)
    assert Ticket.objects.get().messages.get().text == "By IMAP"
    box.refresh_from_db()
    assert fetch(box) == 0
    deliver(maildir, "2.b", make_mail("Another", Message_ID="<2@client.example>"))
    box.refresh_from_db()
    assert fetch(box) == 1
    assert InboundMail.objects.count() == 2


def test_a_mail_that_somebody_read_is_taken_in_all_the_same(dovecot: tuple[int, Path]) -> None:
    """E80: the read flag counts for nothing."""
    port, maildir = dovecot
    (maildir / "cur" / "1.a:2,S").write_bytes(make_mail("Read elsewhere"))
    assert fetch(mailbox_at(port)) == 1


def test_a_server_that_numbers_anew_brings_no_second_ticket(dovecot: tuple[int, Path]) -> None:
    """E76."""
    port, maildir = dovecot
    box = mailbox_at(port)
    deliver(maildir, "1.a", make_mail("Once"))
    fetch(box)
    run_jobs(including_future=True)
    InboundMail.objects.update(source_key="1:1")
    Mailbox.objects.filter(pk=box.pk).update(imap_uidvalidity=1)
    fetch(Mailbox.objects.get(pk=box.pk))
    run_jobs(including_future=True)
    assert Ticket.objects.count() == 1
    assert set(InboundMail.objects.values_list("state", flat=True)) == {"done", "duplicate"}


def test_a_wrong_password_is_noted_on_the_mailbox(dovecot: tuple[int, Path]) -> None:
    port, _maildir = dovecot
    box = mailbox_at(port)
    box.keep_passwords(imap="wrong")
    box.save(update_fields=["imap_sealed"])
    assert fetch(box) == 0
    box.refresh_from_db()
    assert box.failing_since is not None and box.leased_until is None
    assert box.last_error.startswith("Signing in is refused. The server said: ") and "b'" not in box.last_error
    assert "Check user and password" in box.last_error


def test_one_worker_at_a_time_reads_a_mailbox(dovecot: tuple[int, Path]) -> None:
    port, maildir = dovecot
    box = mailbox_at(port)
    deliver(maildir, "1.a", make_mail())
    assert box.lease(60) and fetch(box) == 0
