"""What becomes of a mail: the ticket that it opens, the one that it joins, and what leaves because of it."""

import smtplib
from datetime import timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import pytest
from django.utils import timezone

from sportello.channels.email.addresses import reply_address
from sportello.channels.email.deliveries import give_up, states_of, try_again
from sportello.channels.email.mailbox_settings import keep_mailbox
from sportello.channels.email.models import InboundMail, MailIdentity, OutgoingMail, SinkMail
from sportello.channels.email.outbox import queue_account_mail
from sportello.channels.email.quarantine import retry
from sportello.channels.email.reading import read_inbound
from sportello.channels.email.reception import Arrival, take_in
from sportello.channels.email.smtp_server import Intake
from sportello.channels.email.testing import ADDRESS, arrives, make_mail, make_mailbox
from sportello.channels.email.threading import secret
from sportello.channels.outgoing import send_account_mail
from sportello.kernel.files import read
from sportello.kernel.jobs.testing import run_jobs
from sportello.kernel.models import Blob, Job
from sportello.kernel.ports import free_port
from sportello.people.models import Organisation, User
from sportello.people.testing import make_administrator, make_agent, make_customer, make_organisation
from sportello.tickets import conversation
from sportello.tickets.models import Message, Ticket
from sportello.tickets.testing import make_note, make_reply, make_ticket

pytestmark = pytest.mark.django_db

State = InboundMail.State


def letters() -> list[EmailMessage]:
    """What the sink holds, oldest first."""
    found = [message_from_bytes(read(m.raw), policy=default) for m in SinkMail.objects.order_by("pk")]
    return [letter for letter in found if isinstance(letter, EmailMessage)]


def body(letter: EmailMessage) -> str:
    part = letter.get_body(("plain",))
    return str(part.get_content()) if part else ""


def test_a_mail_opens_a_ticket_and_its_sender_gets_a_receipt() -> None:
    box = make_mailbox()
    raw = make_mail("Fourteen rooms are cold.", Subject="No heating")
    inbound = arrives(box, raw)
    ticket = Ticket.objects.get()
    assert (inbound.state, inbound.message) == (State.DONE, ticket.messages.get())
    assert (ticket.subject, ticket.team, ticket.requester.address) == ("No heating", box.team, "ana@client.example")
    assert read(inbound.raw) == raw and ticket.messages.get().raw == inbound.raw
    (receipt,) = letters()
    assert receipt["To"] == "ana@client.example"
    assert receipt["Auto-Submitted"] == "auto-replied"
    assert f"#{ticket.pk}" in body(receipt) and "/r/" in body(receipt)


def test_e51_a_mail_that_no_envelope_sender_sent_gets_no_receipt() -> None:
    """RFC 3834: whatever its header says, for the door itself is the server that writes the Return-Path."""
    forged = make_mail(Return_Path="<ana@client.example>")
    inbound = arrives(make_mailbox(), forged, envelope_from="<>")
    assert inbound.nature != "person" and inbound.message is not None
    assert letters() == []


def test_reading_a_mail_twice_is_reading_it_once() -> None:
    box = make_mailbox()
    raw = make_mail()
    first, second = arrives(box, raw), arrives(box, raw)
    assert (first.state, second.state) == (State.DONE, State.DUPLICATE)
    assert Message.objects.count() == 1


def test_one_message_id_with_other_words_is_another_mail() -> None:
    """B026: both are kept."""
    box = make_mailbox()
    arrives(box, make_mail("One", Message_ID="<same@client.example>"))
    arrives(box, make_mail("Two", Message_ID="<same@client.example>"))
    assert sorted(Message.objects.values_list("text", flat=True)) == ["One", "Two"]


def test_a_reply_leaves_with_the_right_headers_and_the_answer_comes_back() -> None:
    box = make_mailbox()
    arrives(box, make_mail("It is cold.", Message_ID="<q1@client.example>", Cc="boss@client.example"))
    ticket = Ticket.objects.get()
    agent = make_agent(box.team)
    make_note(ticket, agent, "Secret thought")
    make_reply(ticket, agent, "Turn it on.", then="waiting")
    run_jobs(including_future=True)
    reply = letters()[-1]
    assert (reply["To"], reply["Cc"], reply["In-Reply-To"]) == (
        "ana@client.example",
        "boss@client.example",
        "<q1@client.example>",
    )
    assert reply["References"].split()[0] == "<q1@client.example>"
    assert "Secret thought" not in reply.as_string()
    back = reply["Reply-To"].addresses[0].addr_spec
    arrives(box, make_mail("It works.", Subject="Re: other words", Message_ID="<q2@client.example>"), to=back)
    ticket.refresh_from_db()
    assert ticket.status == "open"
    last = ticket.messages.latest("pk")
    assert (last.text, last.reasons[0]["code"]) == ("It works.", "reply-address")


def test_a_message_names_our_address_as_people_know_it() -> None:
    box = make_mailbox()
    arrives(box, make_mail("It is cold."))
    ticket = Ticket.objects.get()
    ours = reply_address(ADDRESS, ticket.pk, ticket.requester_id, secret())
    theirs = reply_address("help@other.example", 7, 8, b"another key")
    arrives(box, make_mail("It works.", To=f"{ours}, {ADDRESS}", Cc=theirs), to=ours)
    last = ticket.messages.latest("pk")
    assert last.reasons[0]["code"] == "reply-address"
    assert last.recipients == {"to": [ADDRESS], "cc": [theirs]}


def test_an_answer_threads_by_our_message_id_when_the_address_is_lost() -> None:
    box = make_mailbox()
    arrives(box, make_mail(Message_ID="<q1@client.example>"))
    ticket = Ticket.objects.get()
    ours = MailIdentity.objects.get(ticket=ticket, ours=True).msgid
    arrives(box, make_mail("Hello?", In_Reply_To=f"<{ours}>"))
    assert ticket.messages.latest("pk").reasons[0]["code"] == "message-id"
    arrives(box, make_mail("Only references", References=f"<foreign@x.example> <{ours}>"))
    assert ticket.messages.count() == 3


def test_a_subject_alone_never_threads() -> None:
    """E41."""
    box = make_mailbox()
    arrives(box, make_mail(Subject="Broken"))
    first = Ticket.objects.get()
    arrives(box, make_mail("Other", sender="eve@evil.example", Subject=f"Re: Broken [#{first.pk}]"))
    assert Ticket.objects.count() == 2 and first.messages.count() == 1


def test_a_stranger_with_our_address_opens_a_ticket_of_their_own() -> None:
    """B031, D2: the old ticket is neither shown nor changed; the agent sees which one was named."""
    box = make_mailbox()
    ticket = make_ticket(team=box.team)
    stolen = reply_address(ADDRESS, ticket.pk, ticket.requester_id, secret())
    arrives(box, make_mail("Tell me all", sender="eve@evil.example"), to=stolen)
    other = Ticket.objects.latest("pk")
    assert other.pk != ticket.pk and ticket.messages.count() == 1
    assert other.messages.get().reasons[0] == {
        "code": "stranger",
        "text": "It names another ticket, but its sender has no part in that one",
        "ticket": ticket.pk,
    }


def test_a_participant_joins_and_is_marked_as_a_third_party() -> None:
    box = make_mailbox()
    ticket = make_ticket(team=box.team)
    colleague = make_customer("carl@client.example")
    ticket.add_participant(colleague, by=ticket.requester)
    to = reply_address(ADDRESS, ticket.pk, ticket.requester_id, secret())
    arrives(box, make_mail("Me too", sender="carl@client.example"), to=to)
    last = ticket.messages.latest("pk")
    assert (last.author, last.third_party) == (colleague, True)


@pytest.mark.parametrize(
    "headers",
    [{"Auto_Submitted": "auto-replied"}, {"Precedence": "bulk"}, {"List_Id": "<news.client.example>"},
     {"X_Auto_Response_Suppress": "All"}],
)  # fmt: skip
def test_automatic_mail_is_kept_and_gets_no_answer(headers: dict[str, str]) -> None:
    box = make_mailbox()
    arrives(box, make_mail(**headers))
    assert Ticket.objects.count() == 1 and letters() == []


def test_an_out_of_office_reopens_nothing() -> None:
    box = make_mailbox()
    ticket = make_ticket(team=box.team)
    ticket.solve(by=make_agent(box.team))
    to = reply_address(ADDRESS, ticket.pk, ticket.requester_id, secret())
    arrives(box, make_mail("I am away", sender=ticket.requester.address, Auto_Submitted="auto-replied"), to=to)
    ticket.refresh_from_db()
    assert ticket.status == "solved" and ticket.messages.count() == 2


def test_an_answer_through_a_list_reopens() -> None:
    """E57: a person wrote it; only no automatic answer goes back."""
    box = make_mailbox()
    ticket = make_ticket(team=box.team)
    ticket.solve(by=make_agent(box.team))
    to = reply_address(ADDRESS, ticket.pk, ticket.requester_id, secret())
    arrives(box, make_mail("Still cold", sender=ticket.requester.address, List_Id="<all.client.example>"), to=to)
    ticket.refresh_from_db()
    assert ticket.status == "open"


def test_a_mail_to_no_usable_address_is_not_delivered_and_says_why() -> None:
    box = make_mailbox()
    ticket = make_ticket(team=box.team)
    message = make_reply(ticket, make_agent(box.team))
    OutgoingMail.objects.filter(message=message).update(to=["no address"], cc=[])
    run_jobs(including_future=True)
    mail = OutgoingMail.objects.get(message=message)
    assert mail.state == "failed" and mail.last_answer != ""


def test_a_subject_carries_re_and_the_number_once() -> None:
    box = make_mailbox()
    ticket = make_ticket(team=box.team, subject="Re: AW: Broken")
    make_reply(ticket, make_agent(box.team))
    run_jobs(including_future=True)
    assert letters()[-1]["Subject"] == f"Re: Broken [#{ticket.pk}]"


def test_mail_from_ourselves_waits_in_quarantine() -> None:
    """E18: never a customer, never an answer."""
    box = make_mailbox()
    inbound = arrives(box, make_mail(sender=ADDRESS))
    assert inbound.state == State.QUARANTINED and inbound.reason == "It says that it comes from ourselves"
    assert Ticket.objects.count() == 0 and letters() == []
    retry(inbound)
    run_jobs()
    inbound.refresh_from_db()
    assert inbound.state == State.QUARANTINED


def test_a_mail_on_which_we_fail_waits_in_quarantine_and_the_failure_is_known() -> None:
    inbound = arrives(make_mailbox(), make_mail(sender=ADDRESS))
    inbound.raw = Blob.objects.create(sha256="0" * 64, size=1)  # lost by the store
    with pytest.raises(FileNotFoundError):
        read_inbound(inbound)
    inbound.refresh_from_db()
    assert inbound.state == State.QUARANTINED and inbound.reason.startswith("FileLost")


def test_reading_again_does_not_wait_for_the_next_attempt() -> None:
    """A mail that failed for a passing reason is tried again by itself, with longer and longer pauses."""
    box = make_mailbox()
    inbound = take_in(box, Arrival(raw=make_mail(), source="smtp"))
    InboundMail.objects.update(state=State.QUARANTINED, reason="OSError: the disk is full")
    Job.objects.update(run_after=timezone.now() + timedelta(hours=6))
    inbound.refresh_from_db()
    retry(inbound)
    run_jobs()
    inbound.refresh_from_db()
    assert inbound.state == State.DONE and Ticket.objects.count() == 1


def test_nobody_is_mailed_without_end() -> None:
    """D3: at most ten automatic mails a day to one address."""
    box = make_mailbox()
    for number in range(14):
        arrives(box, make_mail(f"Mail {number}", Message_ID=f"<{number}@client.example>"))
    assert Ticket.objects.count() == 14 and len(letters()) == 10


def test_an_answer_after_the_window_opens_a_linked_ticket() -> None:
    box = make_mailbox()
    box.team.follow_up_days = 0
    box.team.save(update_fields=["follow_up_days"])
    ticket = make_ticket(team=box.team)
    ticket.solve(by=make_agent(box.team))
    to = reply_address(ADDRESS, ticket.pk, ticket.requester_id, secret())
    arrives(box, make_mail("Again", sender=ticket.requester.address), to=to)
    assert Ticket.objects.latest("pk").follow_up_of == ticket


def test_a_reply_that_is_taken_back_never_leaves() -> None:
    box = make_mailbox()
    ticket = make_ticket(team=box.team)
    agent = make_agent(box.team)
    message = make_reply(ticket, agent, "Wrong words", undo_seconds=10)
    conversation.withdraw(message, by=agent)
    run_jobs(including_future=True)
    assert not any("Wrong words" in body(letter) for letter in letters())
    assert states_of([message])[message.pk].state == "cancelled"


def test_a_server_that_cannot_be_reached_defers_and_is_tried_again() -> None:
    box = make_mailbox(smtp_host="127.0.0.1", smtp_port=1, smtp_security="none")
    ticket = make_ticket(team=box.team)
    message = make_reply(ticket, make_agent(box.team))
    run_jobs()
    mail = OutgoingMail.objects.get(message=message)
    assert (mail.state, mail.attempts) == ("deferred", 1) and "Nothing listens" in mail.answer
    assert mail.next_try_at and mail.next_try_at > timezone.now()
    first = mail.raw
    box.smtp_host = ""
    box.save(update_fields=["smtp_host"])
    answer, boss = mail.last_answer, make_administrator(name="Ada Bruni")
    assert try_again(mail, by=boss)
    assert not try_again(mail, by=boss)
    run_jobs(including_future=True)
    mail.refresh_from_db()
    assert mail.state == "sent" and mail.raw == first
    retried = ticket.timeline.get(kind="DeliveryRetried")
    assert retried.actor == boss and retried.data["recipients"] == [ticket.requester.address]
    assert retried.cause == {"by": "delivery", "state": "deferred", "answer": answer}


def test_who_gives_a_mail_up_is_kept_and_what_has_left_is_no_longer_theirs_to_stop() -> None:
    box = make_mailbox()
    ticket = make_ticket(team=box.team)
    boss = make_administrator()
    message = make_reply(ticket, make_agent(box.team), undo_seconds=10)
    mail = OutgoingMail.objects.get(message=message)
    assert give_up(mail, by=boss)
    run_jobs(including_future=True)
    mail.refresh_from_db()
    assert mail.state == "cancelled" and states_of([message])[message.pk].label == "Not sent"
    assert ticket.timeline.get(kind="DeliveryGivenUp").actor == boss
    receipt = OutgoingMail.objects.get(purpose="receipt")
    assert receipt.state == "sent" and not give_up(receipt, by=boss)
    assert ticket.timeline.filter(kind="DeliveryGivenUp").count() == 1


def test_an_account_mail_is_given_up_without_a_ticket() -> None:
    make_mailbox()
    mail = queue_account_mail("ana@client.example", "Sign in", "A link.", "en")
    assert mail and give_up(mail, by=make_administrator())
    mail.refresh_from_db()
    assert mail.state == "cancelled"


def test_a_bounce_marks_only_the_mail_that_it_returns() -> None:
    box = make_mailbox()
    ticket = make_ticket(team=box.team)
    message = make_reply(ticket, make_agent(box.team))
    run_jobs(including_future=True)
    mail = OutgoingMail.objects.get(message=message)
    arrives(box, a_bounce(mail.msgid, ticket.requester.address))
    mail.refresh_from_db()
    assert mail.state == "failed" and "5.1.1" in mail.last_answer
    failed = ticket.timeline.get(kind="DeliveryFailed")
    assert failed.data["recipients"] == [ticket.requester.address] and failed.data["message_id"] == message.pk
    assert failed.cause and "550 no such user" in failed.cause["answer"]
    arrives(box, a_bounce(mail.msgid, ticket.requester.address).replace(b"no such user", b"call this number"))
    assert ticket.timeline.filter(kind="DeliveryFailed").count() == 1
    forged = arrives(box, a_bounce("nobody@elsewhere.example", "victim@client.example"))
    assert forged.state == State.QUARANTINED


def a_bounce(msgid: str, recipient: str) -> bytes:
    return (
        "From: MAILER-DAEMON@mx.example\r\nTo: support@desk.example\r\nSubject: Undelivered\r\n"
        "Return-Path: <>\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nIt could not be delivered.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n"
        f"Final-Recipient: rfc822; {recipient}\r\nAction: failed\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; 550 no such user\r\n\r\n"
        f"--b\r\nContent-Type: message/rfc822\r\n\r\nMessage-ID: <{msgid}>\r\nSubject: x\r\n\r\nx\r\n--b--\r\n"
    ).encode()


@pytest.mark.django_db(transaction=True)
def test_the_smtp_door_knows_its_mailboxes_and_keeps_bytes_before_it_says_yes() -> None:
    box = make_mailbox()
    intake = Intake("127.0.0.1", 0)
    intake.start()
    try:
        with smtplib.SMTP("127.0.0.1", intake.port, timeout=10) as server:
            with pytest.raises(smtplib.SMTPRecipientsRefused):
                server.sendmail("ana@client.example", ["nobody@elsewhere.example"], make_mail())
            server.sendmail("ana@client.example", [ADDRESS, "support+tag@desk.example"], make_mail("By SMTP"))
    finally:
        intake.stop()
    inbound = InboundMail.objects.get()
    assert (inbound.mailbox, inbound.state, inbound.envelope_from) == (box, State.RECEIVED, "ana@client.example")
    assert b"By SMTP" in read(inbound.raw)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("odd", [b"\xff\xfe@client.example", b"a\x01b@client.example"])
def test_an_address_that_is_no_text_is_refused_for_good(odd: bytes) -> None:
    make_mailbox()
    intake = Intake("127.0.0.1", 0)
    intake.start()
    try:
        with smtplib.SMTP("127.0.0.1", intake.port, timeout=10) as server:
            server.command_encoding = "latin-1"
            server.ehlo()
            assert server.docmd(f"MAIL FROM:<{odd.decode('latin-1')}>")[0] == 553
            assert server.docmd("MAIL FROM:<>")[0] == 250
            assert server.docmd(f"RCPT TO:<{odd.decode('latin-1')}>")[0] == 553
            assert server.docmd(f"RCPT TO:<{ADDRESS}>")[0] == 250
    finally:
        intake.stop()


def test_nothing_of_the_mail_is_needed_to_keep_it() -> None:
    """B001, E02: no sender, no subject, no body."""
    box = make_mailbox()
    inbound = arrives(box, b"\r\n\r\n")
    assert inbound.state in (State.DONE, State.QUARANTINED)
    assert letters() == []


def test_without_a_mailbox_mails_wait_in_the_sink_for_an_administrator() -> None:
    customer = make_customer("guest@hotel.example")
    send_account_mail(customer.address, "Your link", "https://desk.example/account/link/one/", "en")
    ticket = make_ticket(requester=customer)
    message = make_reply(ticket, make_agent(ticket.team), "On it.")
    run_jobs(including_future=True)
    assert [letter["To"] for letter in letters()] == [customer.address] * 3  # the link, the receipt, the reply
    assert "/account/link/one/" in body(letters()[0])
    assert "no-mailbox.invalid" in letters()[0]["From"]
    assert states_of([message])[message.pk].state == "deferred"
    assert OutgoingMail.objects.stuck().count() == 3


def test_what_waited_for_a_mailbox_leaves_from_the_first_one() -> None:
    ticket = make_ticket(requester=make_customer("guest@hotel.example"))
    message = make_reply(ticket, make_agent(ticket.team), "On it.")
    run_jobs(including_future=True)
    mailbox = keep_mailbox(None, address=ADDRESS, name="Support", team=ticket.team)
    run_jobs(including_future=True)
    sent = OutgoingMail.objects.get(message=message)
    assert (sent.state, sent.mailbox, OutgoingMail.objects.stuck().count()) == ("sent", mailbox, 0)
    receipt, reply = letters()
    assert [letter["To"] for letter in (receipt, reply)] == ["guest@hotel.example"] * 2
    assert ADDRESS in reply["From"] and "no-mailbox" not in reply.as_string()
    assert reply["Message-ID"] == f"<{sent.msgid}>"
    arrives(mailbox, make_mail("Thanks.", sender="guest@hotel.example", In_Reply_To=f"<{sent.msgid}>"))
    assert ticket.messages.count() == 3


def test_a_mailbox_that_is_mended_sends_at_once_what_it_could_not() -> None:
    mailbox = make_mailbox(smtp_host="127.0.0.1", smtp_port=free_port("127.0.0.1"), smtp_security="none")
    ticket = make_ticket(team=mailbox.team)
    message = make_reply(ticket, make_agent(mailbox.team))
    run_jobs()
    mail = OutgoingMail.objects.get(message=message)
    assert mail.state == "deferred"
    assert mail.answer.endswith(": Nothing listens on this port of the server. Check server and port.")
    keep_mailbox(mailbox, smtp_host="")
    run_jobs()
    mail.refresh_from_db()
    assert mail.state == "sent"


def test_the_first_mailbox_carries_what_comes_after_it() -> None:
    make_mailbox()
    send_account_mail("guest@hotel.example", "Your link", "https://desk.example/account/link/one/", "en")
    run_jobs(including_future=True)
    assert ADDRESS in letters()[0]["From"]


def test_every_fact_that_a_mail_brings_about_says_that_it_was_the_mail() -> None:
    arrives(make_mailbox(), make_mail(Cc="caretaker@client.example"))
    facts = Ticket.objects.get().timeline.all()
    assert {entry.kind for entry in facts} == {"TicketOpened", "MessageAdded", "ParticipantAdded"}
    assert {entry.cause and entry.cause["by"] for entry in facts} == {"mail"}


def test_a_colleague_of_an_organisation_that_shares_its_requests_answers_by_mail_too() -> None:
    box = make_mailbox()
    make_organisation("Client", "client.example")
    Organisation.objects.update(shares_requests=True)
    arrives(box, make_mail(Message_ID="<first@client.example>"))
    ticket = Ticket.objects.get()
    ben = make_customer("ben@client.example")
    ben.confirm_address("ben@client.example")
    arrives(box, make_mail("Me too.", sender="Ben Pop <ben@client.example>", In_Reply_To="<first@client.example>"))
    assert [message.text for message in ticket.messages.all()] == ["It is cold.", "Me too."]
    arrives(box, make_mail("New IBAN.", sender="Ron <invented@client.example>", In_Reply_To="<first@client.example>"))
    arrives(box, make_mail("Me too.", sender="Eve <eve@evil.example>", In_Reply_To="<first@client.example>"))
    assert ticket.messages.count() == 2


def test_an_account_mail_that_is_sent_leaves_no_key_in_the_outbox() -> None:
    make_mailbox()
    send_account_mail("guest@hotel.example", "Your link", "https://desk.example/account/link/one/", "en")
    assert "/account/link/one/" in OutgoingMail.objects.get().text
    run_jobs(including_future=True)
    mail = OutgoingMail.objects.get()
    assert (mail.state, mail.text, mail.subject, mail.to) == ("sent", "", "Your link", ["guest@hotel.example"])
    assert "/account/link/one/" in body(letters()[0])


def test_whoever_is_taken_out_of_the_copies_gets_nothing_that_still_waits() -> None:
    box = make_mailbox()
    ticket, agent = make_ticket(team=box.team), make_agent(box.team)
    for address in ("caretaker@hotel.example", "mistyped@other.example"):
        ticket.add_participant(make_customer(address), by=agent)
    conversation.solve(ticket, by=agent, note="Bled.")
    ticket.remove_participant(User.objects.get(address="mistyped@other.example"), by=agent)
    run_jobs(including_future=True)
    assert OutgoingMail.objects.get(purpose="solved").cc == ["caretaker@hotel.example"]
    assert letters()[-1]["Cc"] == "caretaker@hotel.example"
