"""Is a mail read as far as the installation's limit allows, and does the message say what was left out?"""

import pytest
from django.test import Client

from sportello.channels.email.parser_process import Budget
from sportello.channels.email.parsing import Limits, parse
from sportello.channels.email.testing import arrives, make_mailbox
from sportello.channels.email.tests.samples import multipart
from sportello.people.testing import make_administrator
from sportello.tickets.models import Message

MIB = 1024 * 1024
SMALL = "Content-Type: application/octet-stream; name=small.bin\nContent-Transfer-Encoding: base64\n\nAAEC"


def large(size: int) -> bytes:
    """A text, a small file, and one of that many bytes."""
    big = f"Content-Type: application/octet-stream; name=big.bin\n\n{'x' * size}"
    return multipart("Content-Type: text/plain\n\nSee the files.", SMALL, big)


def test_half_a_file_is_none() -> None:
    mail = parse(large(MIB), Limits(raw_bytes=MIB // 2))
    assert [file.filename for file in mail.attachments] == ["small.bin"] and mail.left_out == ("big.bin",)
    assert mail.text == "See the files."
    assert parse(large(MIB)).left_out == ()


def test_larger_mails_get_more_time_and_memory() -> None:
    assert Budget.for_mails_of(100 * MIB).memory_bytes == 2 * Budget().memory_bytes
    assert Budget.for_mails_of(MIB).memory_bytes == Budget().memory_bytes


@pytest.mark.django_db
def test_the_limit_is_the_installations_and_what_lies_beyond_is_said(settings: object, client: Client) -> None:
    settings.MAIL_LIMIT_BYTES = MIB  # type: ignore[attr-defined]  # a setting of our own  # pytest-django has no type for it
    box = make_mailbox()
    arrives(box, large(2 * MIB))
    message = Message.objects.get()
    assert [file.name for file in message.attachments.all()] == ["small.bin"]
    client.force_login(make_administrator())
    page = client.get(f"/desk/tickets/{message.ticket_id}/").content.decode()
    assert "One file was too big and was left out: big.bin. The mail as it arrived holds it." in page
    settings.MAIL_LIMIT_BYTES = 3 * MIB  # type: ignore[attr-defined]  # a setting of our own
    arrives(box, large(2 * MIB).replace(b"See", b"Look at"))
    assert [file.size for file in Message.objects.latest("pk").attachments.all()] == [3, 2 * MIB]


@pytest.mark.django_db
def test_a_text_that_is_cut_says_so() -> None:
    arrives(make_mailbox(), multipart("Content-Type: text/plain\n\n" + "word " * 300_000))
    message = Message.objects.get()
    assert len(message.text) == 1_000_000
    assert [reason["text"] for reason in message.reasons if reason["code"] == "left-out"] == [
        "The text is very long; only its beginning is kept here."
    ]
