"""Does every door tell a fault of a mail server in the reader's language, whichever language the worker has?"""

from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils.translation import override

from sportello.api.tokens import issue_token
from sportello.channels.email.deliveries import try_again
from sportello.channels.email.fault_words import told
from sportello.channels.email.fetching import fetch
from sportello.channels.email.models import Mailbox, OutgoingMail
from sportello.channels.email.testing import make_mailbox
from sportello.kernel.jobs.testing import run_jobs
from sportello.kernel.ports import free_port
from sportello.people.models import User
from sportello.people.testing import make_administrator
from sportello.tickets.models import Message
from sportello.tickets.testing import make_reply, make_ticket

pytestmark = pytest.mark.django_db

CLOSED = "Nessuno ascolta su questa porta del server. Controlli server e porta."


@pytest.fixture
def boss() -> User:
    return make_administrator(language="it")


@pytest.fixture
def box() -> Mailbox:
    here, port = "127.0.0.1", free_port("127.0.0.1")
    about: dict[str, Any] = {"smtp_host": here, "smtp_port": port, "smtp_security": "none"}
    return make_mailbox(**about, imap_host=here, imap_port=port, imap_security="none")


@pytest.fixture
def message(box: Mailbox, boss: User) -> Message:
    """A reply that did not leave, from a mailbox that cannot be read either."""
    message = make_reply(make_ticket(team=box.team), boss)
    run_jobs()
    fetch(box)
    return message


def test_pages_do(boss: User, box: Mailbox, message: Message) -> None:
    try_again(OutgoingMail.objects.get(message=message), by=boss)
    run_jobs()
    client = Client()
    client.force_login(boss)
    sending = f"127.0.0.1, porta {box.smtp_port}: {CLOSED}"
    ticket = f"/desk/tickets/{message.ticket_id}/"
    for path, times in {
        "/desk/mail/stuck/": 2,  # the receipt too
        ticket: 1,
        f"{ticket}timeline/": 1,
        f"/desk/settings/mailboxes/{box.pk}/": 1,
        "/desk/settings/": 1,
    }.items():
        page = client.get(path).content.decode()
        assert page.count(sending) >= times and "Nothing listens" not in page and "&quot;fault" not in page, path
    assert page.count(CLOSED) == 2


def test_the_api_does(boss: User, box: Mailbox, message: Message) -> None:
    try_again(OutgoingMail.objects.get(message=message), by=boss)
    run_jobs()
    headers = {"Authorization": f"Bearer {issue_token(boss, 'test')}", "Accept-Language": "it"}
    sending = f"127.0.0.1, porta {box.smtp_port}: {CLOSED}"

    def read(path: str) -> Any:
        return Client().get(f"/api/v1{path}", headers=headers).json()

    assert read("/mail/stuck")["items"][0]["last_answer"] == sending
    assert read(f"/messages/{message.pk}/delivery")["detail"] == sending
    mailbox = read(f"/mailboxes/{box.pk}")
    assert (mailbox["smtp_error"], mailbox["last_error"]) == (sending, CLOSED)
    retried = read(f"/tickets/{message.ticket_id}/timeline")["items"][0]
    assert (retried["kind"], retried["cause"]["answer"]) == ("DeliveryRetried", sending)


def test_the_doctor_tells_it_in_words(box: Mailbox, message: Message, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        call_command("doctor")
    said = capsys.readouterr().out
    assert said.count("Nothing listens on this port of the server. Check server and port.") == 2
    assert '"fault"' not in said


@pytest.mark.parametrize(
    ("kept", "italian"),
    [
        ("ana@x: 553 5.1.3 This is no address that a mail can be sent to",
         "ana@x: 553 5.1.3 Non è un indirizzo a cui si possa scrivere"),
        ("a@x.example: 451 The server ended the conversation; b@x.example: 550 5.1.1 Unknown; really",
         "a@x.example: 451 Il server ha interrotto la conversazione; b@x.example: 550 5.1.1 Unknown; really"),
        ("a@x.example: It says that a mail could not be delivered.",
         "a@x.example: Dice che non è stato possibile consegnare un’e-mail."),
        ("büro@desk.example: The server sends nothing from an address like this",
         "büro@desk.example: Il server non invia nulla da un indirizzo come questo"),
        ("No mailbox is connected yet", "Nessuna casella è ancora collegata"),
        ("", ""),
    ],
)  # fmt: skip
def test_each_recipients_answer_is_told_and_a_servers_own_words_stay(kept: str, italian: str) -> None:
    with override("it"):
        assert told(kept) == italian
