"""How does a test get a real IMAP server? A Dovecot on loopback that knows every user, each with a mailbox of their own."""

import getpass
import grp
import os
import secrets
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sportello.kernel.ports import free_port
from tests.browser.desk import eventually

HOST, PASSWORD = "127.0.0.1", "open-sesame"

CONFIGURATION = """
protocols = imap
listen = {host}
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/dovecot.log
ssl = no
disable_plaintext_auth = no
default_internal_user = {internal}
default_login_user = {login}
default_internal_group = {internal}
first_valid_uid = 0
mail_location = maildir:{folder}/mail/%u
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
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={user} gid={group} home={folder}
}}
"""


@dataclass(frozen=True)
class Owner:
    """Whose the mails are: never root's, which Dovecot refuses."""

    user: str
    group: str
    internal: str
    login: str

    @classmethod
    def found(cls) -> "Owner":
        if os.getuid() == 0:
            return cls("nobody", "nogroup", "dovecot", "dovenull")
        me = getpass.getuser()
        return cls(me, grp.getgrgid(os.getgid()).gr_name, me, me)


@dataclass(frozen=True)
class Inbox:
    """The mailbox of one user of the server."""

    port: int
    user: str
    maildir: Path

    @property
    def settings(self) -> dict[str, Any]:
        """How a mailbox of ours reads it; its password is PASSWORD."""
        return {"imap_host": HOST, "imap_port": self.port, "imap_security": "none", "imap_user": self.user}

    def receive(self, raw: bytes, *, read: bool = False) -> None:
        """A mail lies in it, whole at once; `read` by somebody with another program."""
        name = secrets.token_hex(8)
        (self.maildir / "tmp" / name).write_bytes(raw)
        (self.maildir / "tmp" / name).rename(
            self.maildir / ("cur" if read else "new") / (f"{name}:2,S" if read else name)
        )


@dataclass(frozen=True)
class Dovecot:
    port: int
    folder: Path
    owner: Owner

    def new_inbox(self) -> Inbox:
        user = f"support-{secrets.token_hex(4)}"
        maildir = self.folder / "mail" / user
        for place in (maildir, maildir / "new", maildir / "cur", maildir / "tmp"):
            place.mkdir()
            shutil.chown(place, self.owner.user, self.owner.group)
        return Inbox(self.port, user, maildir)


@contextmanager
def running() -> Iterator[Dovecot]:
    dovecot = Dovecot(free_port(HOST), Path(tempfile.mkdtemp(prefix="dovecot-")), Owner.found())
    folder = dovecot.folder
    folder.chmod(0o755)
    for name in ("run", "state", "mail"):
        (folder / name).mkdir()
    configuration = folder / "dovecot.conf"
    about = {"host": HOST, "port": dovecot.port, "password": PASSWORD, "folder": folder}
    configuration.write_text(CONFIGURATION.format(**about, **vars(dovecot.owner)))
    server = subprocess.Popen(["/usr/sbin/dovecot", "-F", "-c", str(configuration)])
    try:
        eventually(lambda: _answers(dovecot, server))
        yield dovecot
    finally:
        server.terminate()
        server.wait(10)
        shutil.rmtree(folder, ignore_errors=True)


def _answers(dovecot: Dovecot, server: "subprocess.Popen[bytes]") -> bool:
    assert server.poll() is None, (dovecot.folder / "dovecot.log").read_text()
    try:
        socket.create_connection((HOST, dovecot.port), 1).close()
    except OSError:
        return False
    return True
