"""Can a stranger's mail take what is meant for somebody else: a link, an answer, a place?"""

from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import pytest

from sportello.channels.email.models import InboundMail, MailIdentity, SinkMail
from sportello.channels.email.testing import arrives, make_mail, make_mailbox
from sportello.channels.email.threading import MOST_CLAIMS
from sportello.kernel.files import read
from sportello.kernel.jobs.testing import run_jobs
from sportello.people.models import User
from sportello.people.roles import Role
from sportello.people.testing import make_agent
from sportello.tickets import conversation
from sportello.tickets.conversation import Words
from sportello.tickets.models import Ticket
from sportello.tickets.testing import make_reply, make_ticket

pytestmark = pytest.mark.django_db

VIC = "Vic <vic@firm.example>"
MALLORY = "Mallory <mallory@evil.example>"
State = InboundMail.State


def last_letter() -> EmailMessage:
    found = message_from_bytes(read(SinkMail.objects.latest("pk").raw), policy=default)
    assert isinstance(found, EmailMessage)
    return found


@pytest.mark.parametrize(
    ("recipients", "has_link"),
    [
        ({"to": ["ana@client.example"], "cc": []}, True),
        ({"to": ["engineer@vendor.example"], "cc": []}, False),
        ({"to": ["ana@client.example", "engineer@vendor.example"], "cc": []}, False),
        ({"to": ["ana@client.example"], "cc": ["engineer@vendor.example"]}, False),
        ({"to": ["ANA@client.example"], "cc": []}, True),
    ],
)
def test_only_its_reader_gets_a_personal_link(recipients: dict[str, list[str]], *, has_link: bool) -> None:
    box = make_mailbox()
    arrives(box, make_mail())
    words = Words(text="Have a look.", recipients=recipients)
    conversation.reply(Ticket.objects.get(), words, by=make_agent(box.team))
    run_jobs(including_future=True)
    letter = last_letter()
    assert "Have a look." in letter.as_string()
    assert ("/r/" in letter.as_string()) is has_link


def test_a_copied_message_id_does_not_turn_an_answer_aside() -> None:
    box = make_mailbox()
    arrives(box, make_mail("My case", sender=VIC, Message_ID="<vic-1@firm.example>"))
    own = Ticket.objects.get()
    arrives(box, make_mail("Mine", sender=MALLORY, Message_ID="<vic-1@firm.example>", Cc="vic@firm.example"))
    theirs = Ticket.objects.latest("pk")
    arrives(box, make_mail("Confidential", sender=VIC, In_Reply_To="<vic-1@firm.example>"))
    assert own.messages.latest("pk").text == "Confidential"
    assert theirs.messages.count() == 1


def test_a_message_id_that_was_taken_first_does_not_turn_an_answer_aside() -> None:
    box = make_mailbox()
    arrives(box, make_mail("Mine", sender=MALLORY, Message_ID="<vic-1@firm.example>", Cc="vic@firm.example"))
    theirs = Ticket.objects.get()
    arrives(box, make_mail("My case", sender=VIC, Message_ID="<vic-1@firm.example>"))
    own = Ticket.objects.latest("pk")
    arrives(box, make_mail("Confidential", sender=VIC, In_Reply_To="<vic-1@firm.example>"))
    assert (own.messages.count(), theirs.messages.count()) == (2, 1)


def test_an_id_that_two_tickets_claim_proves_nothing_to_others() -> None:
    box = make_mailbox()
    arrives(box, make_mail("One", sender=VIC, Message_ID="<same@firm.example>", Cc="carl@firm.example"))
    arrives(box, make_mail("Two", sender=MALLORY, Message_ID="<same@firm.example>", Cc="carl@firm.example"))
    arrives(box, make_mail("And I?", sender="carl@firm.example", In_Reply_To="<same@firm.example>"))
    assert [ticket.messages.count() for ticket in Ticket.objects.all()] == [1, 1, 1]


def test_our_ids_count_before_those_of_strangers() -> None:
    box = make_mailbox()
    arrives(box, make_mail("My case", sender=VIC))
    own = Ticket.objects.get()
    ours = MailIdentity.objects.get(ticket=own, ours=True).msgid
    arrives(box, make_mail("Mine", sender=MALLORY, Message_ID=f"<{ours}>", Cc="vic@firm.example"))
    arrives(box, make_mail("Mine", sender=MALLORY, Message_ID="<m@evil.example>", Cc="vic@firm.example"))
    arrives(box, make_mail("Hi", sender=VIC, In_Reply_To="<m@evil.example>", References=f"<{ours}> <m@evil.example>"))
    assert own.messages.latest("pk").text == "Hi"


def test_one_id_in_very_many_mails_is_remembered_only_so_often() -> None:
    box = make_mailbox()
    for number in range(MOST_CLAIMS + 2):
        arrives(box, make_mail(f"Mail {number}", sender=MALLORY, Message_ID="<same@evil.example>"))
    assert MailIdentity.objects.filter(msgid="same@evil.example").count() == MOST_CLAIMS


def test_a_twin_from_somebody_else_swallows_no_mail() -> None:
    box = make_mailbox()
    same = {"Message_ID": "<pre-1@firm.example>", "Subject": "Order"}
    arrives(box, make_mail("Please confirm.", sender=MALLORY, **same))
    inbound = arrives(box, make_mail("Please confirm.", sender=VIC, **same))
    assert inbound.state == State.DONE
    assert Ticket.objects.latest("pk").requester.address == "vic@firm.example"


def test_a_twin_in_anothers_name_with_another_copy_swallows_no_mail() -> None:
    box = make_mailbox()
    same = {"Message_ID": "<pre-1@firm.example>", "Subject": "Order"}
    arrives(box, make_mail("Please confirm.", sender=VIC, Cc="mallory@evil.example", **same))
    assert arrives(box, make_mail("Please confirm.", sender=VIC, **same)).state == State.DONE
    assert arrives(box, make_mail("Please confirm.", sender=VIC, **same)).state == State.DUPLICATE


@pytest.mark.parametrize("name", ["From", "Cc"])
def test_nobody_writes_or_takes_part_as_the_system(name: str) -> None:
    User.objects.system()
    mail = make_mail("Hello").replace(b"From: Ana Pop <ana@client.example>", b"From: ana@client.example")
    if name == "From":
        mail = mail.replace(b"ana@client.example", b"System@Sportello.invalid", 1)
    else:
        mail = mail.replace(b"To: ", b"Cc: system@sportello.invalid\nTo: ")
    inbound = arrives(make_mailbox(), mail)
    ticket = Ticket.objects.get()
    assert ticket.requester.role == Role.CUSTOMER
    assert not ticket.participants.exists()
    wanted = f"unknown-{inbound.pk}@sender.invalid" if name == "From" else "ana@client.example"
    assert ticket.requester.address == wanted


@pytest.mark.parametrize(
    "lines",
    [
        "Reply-To: vic@firm.example",
        "Sender: vic@firm.example",
        "From: vic@firm.example\nFrom: mallory@evil.example",
        "From: vic@firm.example, mallory@evil.example",
        "From: vic\nReply-To: vic@firm.example",
    ],
)
def test_b040_a_mail_without_one_usable_sender_joins_no_ticket(lines: str) -> None:
    box = make_mailbox()
    arrives(box, make_mail("My case", sender=VIC))
    own = Ticket.objects.get()
    ours = MailIdentity.objects.get(ticket=own, ours=True).msgid
    answer = make_mail("Close my account", sender=VIC, In_Reply_To=f"<{ours}>", Message_ID="<2@evil.example>")
    to = last_letter()["Reply-To"].addresses[0].addr_spec
    assert arrives(box, answer.replace(f"From: {VIC}".encode(), lines.encode()), to=to).state == State.DONE
    assert own.messages.filter(incoming=1).count() == 1
    opened = Ticket.objects.latest("pk")
    assert (opened.pk > own.pk, opened.messages.get().text) == (True, "Close my account")


def test_with_one_sender_the_same_answer_joins() -> None:
    box = make_mailbox()
    arrives(box, make_mail("My case", sender=VIC))
    to = last_letter()["Reply-To"].addresses[0].addr_spec
    arrives(box, make_mail("One more thing", sender=VIC), to=to)
    assert Ticket.objects.get().messages.filter(incoming=1).count() == 2


FORGED = {"sender": '"ACCOUNT LOCKED" <victim@innocent.example>', "Subject": "Pay at https://evil.example/x"}


def test_a_receipt_to_an_address_that_may_be_forged_carries_none_of_the_mails_words() -> None:
    box = make_mailbox()
    arrives(box, make_mail("CLICK evil.example", **FORGED))
    letter = last_letter()
    number = Ticket.objects.get().pk
    assert (letter["To"], letter["Subject"]) == ("victim@innocent.example", f"We have your request [#{number}]")
    for word in ("LOCKED", "Pay", "evil", "CLICK"):
        assert word not in letter.as_string()


def test_whom_we_answered_before_reads_their_own_words_in_a_receipt_but_no_links() -> None:
    box = make_mailbox()
    arrives(box, make_mail("One"))
    make_reply(Ticket.objects.get(), make_agent(box.team))
    arrives(box, make_mail("Two", Subject="The boiler is cold again"))
    assert "The boiler is cold again" in last_letter()["Subject"]
    arrives(box, make_mail("Three", Subject="Pay at https://evil.example/x"))
    assert "evil" not in last_letter().as_string()


def test_customers_see_the_first_name_of_who_answers() -> None:
    box = make_mailbox()
    ticket = make_ticket(team=box.team)
    run_jobs()
    make_reply(ticket, make_agent(box.team))
    run_jobs(including_future=True)
    assert last_letter()["From"].addresses[0].display_name == "Marta (Alba Termica)"
