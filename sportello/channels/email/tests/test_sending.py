"""What does a server's answer mean: for a recipient, for the mail, for the mailbox?"""

from collections.abc import Iterator

import pytest

from sportello.channels.email.deliveries import states_of, try_again
from sportello.channels.email.models import Mailbox, OutgoingMail
from sportello.channels.email.sending import send
from sportello.channels.email.testing import arrives, make_mailbox
from sportello.channels.email.tests.peer import KEPT, Peer, peer
from sportello.channels.email.tests.test_mail_way import a_bounce
from sportello.channels.email.tests.test_trials import peer as talking
from sportello.kernel.jobs import Later
from sportello.kernel.jobs.testing import run_jobs
from sportello.kernel.models import Job
from sportello.people.testing import make_administrator, make_agent, make_customer
from sportello.tickets.models import Message
from sportello.tickets.testing import make_reply, make_ticket

pytestmark = pytest.mark.django_db

ANA, BEN, EVA = "ana@client.example", "ben@client.example", "eva@client.example"


@pytest.fixture
def server() -> Iterator[Peer]:
    with peer() as told:
        yield told


def reply_to_three(box: Mailbox) -> Message:
    """A reply to Ana with Ben and Eva in copy; what is due is sent."""
    ticket = make_ticket(team=box.team, requester=make_customer(ANA))
    OutgoingMail.objects.all().delete()
    Job.objects.all().delete()
    for address in (BEN, EVA):
        ticket.add_participant(make_customer(address), by=ticket.requester)
    message = make_reply(ticket, make_agent(box.team))
    run_jobs()
    return message


def sent_again(message: Message) -> OutgoingMail:
    """As if the time had come for which the mail, and its mailbox, wait."""
    Mailbox.objects.update(smtp_rests_until=None)
    run_jobs(including_future=True)
    return OutgoingMail.objects.get(message=message)


def test_a_refused_recipient_is_named_and_the_others_have_the_mail(server: Peer) -> None:
    server.answers = {ANA: "550 5.1.1 No such user"}
    message = reply_to_three(make_mailbox(**server.place))
    mail = OutgoingMail.objects.get(message=message)
    assert server.took == [[BEN, EVA]] and mail.state == "failed" and mail.accepted == [BEN, EVA]
    told = states_of([message])[message.pk]
    assert (told.recipients, told.detail) == ([ANA], f"{ANA}: 550 5.1.1 No such user")
    server.answers = {}
    assert try_again(mail, by=make_administrator())
    assert sent_again(message).state == "sent" and server.took == [[BEN, EVA], [ANA]]


def test_a_recipient_that_is_put_off_is_tried_again_alone(server: Peer) -> None:
    server.answers = {BEN: "451 4.7.1 Greylisted", EVA: "550 5.1.1 No such user"}
    message = reply_to_three(make_mailbox(**server.place))
    told = states_of([message])[message.pk]
    assert (told.state, told.recipients) == ("deferred", [BEN, EVA]) and server.took == [[ANA]]
    server.answers = {EVA: "550 5.1.1 No such user"}
    mail = sent_again(message)
    assert server.took == [[ANA], [BEN]] and (mail.state, mail.missing) == ("failed", [EVA])


def test_a_mail_that_is_refused_as_a_whole_fails(server: Peer) -> None:
    server.to_data = "554 5.6.0 Looks like spam"
    message = reply_to_three(make_mailbox(**server.place))
    mail = OutgoingMail.objects.get(message=message)
    assert mail.state == "failed" and mail.missing == [ANA, BEN, EVA] and "Looks like spam" in mail.last_answer


def test_a_mail_that_is_too_big_for_the_server_fails(server: Peer) -> None:
    server.to_sender = "552 5.3.4 Message size exceeds the limit"
    message = reply_to_three(make_mailbox(**server.place))
    assert OutgoingMail.objects.get(message=message).state == "failed"
    assert Mailbox.objects.get().troubles == []


def test_a_wrong_password_is_the_mailbox_s_trouble_and_the_mail_waits(server: Peer) -> None:
    server.lets_in = False
    box = make_mailbox(**server.place, smtp_user="desk")
    box.keep_passwords(smtp="wrong")
    box.save(update_fields=["smtp_sealed"])
    message = reply_to_three(box)
    assert OutgoingMail.objects.get(message=message).state == "deferred"
    box.refresh_from_db()
    ((_since, said),) = box.troubles
    assert said.startswith(f"127.0.0.1, port {server.port}: Signing in is refused. The server said: 535 5.7.8 ")
    assert said.endswith(" Check user and password. Many providers want a password made for programs only.")
    server.lets_in = True
    assert sent_again(message).state == "sent"
    box.refresh_from_db()
    assert box.troubles == [] and server.took == [[ANA, BEN, EVA]]


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_a_fault_of_encryption_is_the_mailbox_s_trouble(server: Peer, security: str) -> None:
    message = reply_to_three(make_mailbox(**(server.place | {"smtp_security": security})))
    assert OutgoingMail.objects.get(message=message).state == "deferred"
    assert len(Mailbox.objects.get().troubles) == 1


def test_a_sender_that_the_server_minds_is_the_mailbox_s_trouble(server: Peer) -> None:
    server.to_sender = "550 5.7.1 Not your address"
    message = reply_to_three(make_mailbox(**server.place))
    assert OutgoingMail.objects.get(message=message).state == "deferred"
    assert Mailbox.objects.get().smtp_error == "550 5.7.1 Not your address"


def test_after_a_bounce_only_the_one_who_bounced_is_tried_again(server: Peer) -> None:
    box = make_mailbox(**server.place)
    message = reply_to_three(box)
    mail = OutgoingMail.objects.get(message=message)
    arrives(box, a_bounce(mail.msgid, BEN.upper()))
    mail.refresh_from_db()
    assert (mail.state, mail.missing) == ("failed", [BEN])
    assert try_again(mail, by=make_administrator())
    assert sent_again(message).state == "sent" and server.took == [[ANA, BEN, EVA], [BEN]]


JUERGEN = "jürgen@client.example"


def reply_to(box: Mailbox, *copies: str) -> OutgoingMail:
    ticket = make_ticket(team=box.team, requester=make_customer(ANA))
    Job.objects.all().delete()
    message = make_reply(ticket, make_agent(box.team))
    OutgoingMail.objects.filter(message=message).update(cc=list(copies))
    return sent_again(message)


def test_an_address_outside_of_ascii_gets_its_mail_from_a_server_that_knows_them(server: Peer) -> None:
    mail = reply_to(make_mailbox(**server.place), JUERGEN)
    assert (mail.state, server.took) == ("sent", [[ANA, JUERGEN]])
    assert JUERGEN.encode() in server.contents[0]


def test_an_address_that_the_server_cannot_take_holds_no_other_back() -> None:
    with peer(utf8=False) as server:
        mail = reply_to(make_mailbox(**server.place), JUERGEN, "no address", BEN)
    assert server.took == [[ANA, BEN]] and server.contents[0].isascii()
    assert (mail.state, mail.missing) == ("failed", [JUERGEN, "no address"])
    assert "5.6.7" in mail.refused[JUERGEN] and "5.1.3" in mail.refused["no address"]


def test_a_domain_outside_of_ascii_needs_nothing_of_the_server() -> None:
    with peer(utf8=False) as server:
        mail = reply_to(make_mailbox(**server.place), "ana@köln.example")
    assert mail.state == "sent" and server.took == [[ANA, "ana@xn--kln-sna.example"]]


def test_a_mailbox_that_the_server_cannot_name_sends_nothing_and_says_so() -> None:
    with peer(utf8=False) as server:
        mail = reply_to(make_mailbox("büro@desk.example", **server.place))
    assert mail.state == "failed" and "büro@desk.example" in mail.last_answer


def test_of_two_that_take_a_mail_up_at_once_one_sends_it(server: Peer) -> None:
    ticket = make_ticket(team=(box := make_mailbox(**server.place)).team, requester=make_customer(ANA))
    Job.objects.all().delete()
    message = make_reply(ticket, make_agent(box.team))
    first, second = (OutgoingMail.objects.get(message=message) for _worker in range(2))
    send(first)
    send(second)
    assert server.took == [[ANA]]
    second.refresh_from_db()
    assert (second.state, second.attempts) == ("sent", 1)


def test_one_that_was_put_off_meanwhile_is_not_sent_from_what_was_read_before(server: Peer) -> None:
    server.to_data = "451 4.3.0 Later"
    ticket = make_ticket(team=(box := make_mailbox(**server.place)).team, requester=make_customer(ANA))
    Job.objects.all().delete()
    message = make_reply(ticket, make_agent(box.team))
    first, second = (OutgoingMail.objects.get(message=message) for _worker in range(2))
    with pytest.raises(Later):
        send(first)
    server.to_data = KEPT
    send(second)
    assert server.took == []


def test_a_reply_never_goes_to_a_mailbox_of_ours(server: Peer) -> None:
    box = make_mailbox(**server.place)
    make_mailbox("billing@desk.example", team=box.team)
    ticket = make_ticket(team=box.team, requester=make_customer(ANA))
    Job.objects.all().delete()
    for address in (BEN, "Billing+7@desk.example"):
        ticket.add_participant(make_customer(address), by=ticket.requester)
    make_reply(ticket, make_agent(box.team))
    run_jobs()
    assert server.took == [[ANA, BEN]]


def test_nothing_is_written_for_whom_is_only_ourselves() -> None:
    box = make_mailbox()
    ticket = make_ticket(team=box.team, requester=make_customer("support+1@desk.example"))
    make_reply(ticket, make_agent(box.team))
    ticket.solve(by=make_agent(box.team), note="It runs again.")
    run_jobs(including_future=True)
    assert not OutgoingMail.objects.exists()


def test_a_server_for_reading_is_told_from_one_for_sending() -> None:
    with talking(b"* OK [CAPABILITY IMAP4rev1] ready", {}) as port:
        box = make_mailbox(smtp_host="127.0.0.1", smtp_port=port, smtp_security="none")
        mail = OutgoingMail.objects.get(message=reply_to_three(box))
    (said,) = {mail.answer, *(text for _since, text in Mailbox.objects.get().troubles)}
    assert mail.state == "deferred"
    assert said == (
        f"127.0.0.1, port {port}: What answers is no server for sending. "
        "The server said: [CAPABILITY IMAP4rev1] ready. "
        "Check port and security together: 993 and 465 go with TLS, 143 and 587 with STARTTLS."
    )
