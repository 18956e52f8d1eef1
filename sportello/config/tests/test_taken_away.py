"""What happens when somebody takes the database file away under a running desk? No yes to what would be lost."""

import smtplib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import OperationalError, connection
from django.test import Client

from sportello.channels.email.models import InboundMail, Mailbox
from sportello.channels.email.smtp_server import Intake
from sportello.config.health import findings
from sportello.kernel.tests.running import Threads
from sportello.people.models import User
from sportello.people.testing import make_team

pytestmark = [pytest.mark.only_sqlite, pytest.mark.django_db(transaction=True)]


@contextmanager
def taken_away() -> Iterator[Path]:
    path = Path(connection.settings_dict["NAME"])
    away = path.rename(path.with_suffix(".away"))
    try:
        yield path
    finally:
        away.rename(path)


def test_readiness_says_so_and_says_when_it_is_back(client: Client) -> None:
    connection.ensure_connection()
    with taken_away():
        assert client.get("/health/ready/").status_code == 503
        assert client.get("/health/").status_code == 200
        (database,) = [finding for finding in findings() if finding.name == "database"]
        assert "taken away" in database.text and "put the file back" in database.mend
    assert client.get("/health/ready/").status_code == 200


def test_nothing_is_written_and_no_empty_file_takes_its_place() -> None:
    connection.ensure_connection()

    def look() -> None:
        with pytest.raises(OperationalError, match="taken away"):
            User.objects.exists()

    with taken_away() as path:
        with pytest.raises(OperationalError, match="taken away"):
            User.objects.create(name="Lost", address="lost@firm.example")
        with Threads() as threads:
            threads.start(look)
        assert not path.exists()
    assert not User.objects.exists()


def test_mail_that_would_be_lost_is_not_accepted() -> None:
    Mailbox.objects.create(address="support@desk.example", name="Desk", team=make_team("Technical"))
    intake = Intake("127.0.0.1", 0)
    intake.start()
    try:
        with smtplib.SMTP("127.0.0.1", intake.port, timeout=30) as server:
            server.ehlo()
            server.mail("ana@client.example")
            assert server.rcpt("support@desk.example")[0] == 250
            with taken_away():
                assert server.data(b"Subject: Lost?\r\n\r\nNo.\r\n")[0] == 451
    finally:
        intake.stop()
    assert not InboundMail.objects.exists()
