"""How is something said from the ticket page, and what happens to what was typed when it cannot be sent?"""

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from sportello.channels.email.models import Mailbox, OutgoingMail
from sportello.desk.conftest import browser_of
from sportello.kernel.files import read
from sportello.people.models import Team, User
from sportello.people.roles import Role
from sportello.people.testing import make_agent
from sportello.tickets import conversation
from sportello.tickets.conversation import Words
from sportello.tickets.models import Message, Presence, Ticket
from sportello.tickets.testing import make_reply, make_ticket
from tests.queries import queries_of

HX = {"HX-Request": "true"}


@pytest.fixture
def mailbox(team: Team) -> Mailbox:
    return Mailbox.objects.create(address="support@desk.example", name="Desk", team=team)


def say(client: Client, ticket: Ticket, *, hx: bool = False, **data: Any) -> Any:
    response = client.post(f"/desk/tickets/{ticket.pk}/messages/", {"kind": "reply", **data}, headers=HX if hx else {})
    ticket.refresh_from_db()
    return response


def customer_says(ticket: Ticket, text: str = "Still cold.") -> Message:
    return conversation.receive(ticket, Words(text=text), by=ticket.requester, channel="email")


def test_a_reply_leaves_after_the_undo_time(desk: Client, agent: User, ticket: Ticket, mailbox: Mailbox) -> None:
    response = say(desk, ticket, text="Restart it.\r\nThen tell us.", then="waiting", to=ticket.requester.address)
    assert response.status_code == 302
    message = ticket.messages.get(incoming=0)
    assert message.text == "Restart it.\nThen tell us." and message.author == agent
    assert message.held_until and message.held_until > timezone.now()
    mail = OutgoingMail.objects.get(message=message)
    assert mail.to == [ticket.requester.address] and mail.cc == [] and mail.state == "queued"
    assert ticket.status == "waiting" and ticket.assignee == agent
    assert "goes out in 10 seconds" in desk.get(f"/desk/tickets/{ticket.pk}/").content.decode()


def test_on_the_screen_it_comes_with_undo_and_an_empty_composer(desk: Client, ticket: Ticket) -> None:
    response = say(desk, ticket, hx=True, text="On it.", then="waiting")
    page = response.content.decode()
    message = ticket.messages.get(incoming=0)
    assert (f"/desk/messages/{message.pk}/withdrawal/" in page and 'id="toasts"' in page) or "undo-toast" in page
    assert 'id="composer"' in page and ">On it.<" not in page
    assert response["HX-Trigger"] == "ticket-changed"


@pytest.mark.parametrize("then", ["open", "waiting", "on_hold", "solved"])
def test_the_choice_of_what_comes_then_is_remembered(desk: Client, ticket: Ticket, then: str) -> None:
    say(desk, ticket, text="Done.", then=then, solution="Changed the pump.")
    assert ticket.status == then
    other = make_ticket(team=ticket.team)
    assert f'<option value="{then}" selected>' in desk.get(f"/desk/tickets/{other.pk}/").content.decode()


def test_sending_and_solving_says_how(desk: Client, ticket: Ticket) -> None:
    say(desk, ticket, text="It works.", then="solved", solution="Changed the pump.")
    solved = ticket.timeline.get(kind="TicketSolved")
    assert solved.data["note"] == "Changed the pump." and solved.data["told"] is True


def test_a_note_never_leaves(desk: Client, ticket: Ticket, mailbox: Mailbox) -> None:
    say(desk, ticket, kind="note", text="An odd one.", to="victim@example.com", cc="victim@example.com", then="solved")
    note = ticket.messages.get(kind="note")
    assert note.recipients == {} and not OutgoingMail.objects.exists() and not ticket.participants.exists()
    assert ticket.status == "new"


def test_whom_a_reply_copies_takes_part_from_then_on(desk: Client, ticket: Ticket, mailbox: Mailbox) -> None:
    say(
        desk,
        ticket,
        text="Both of you.",
        to=ticket.requester.address,
        cc="Reception@hotel.example; support@desk.example",
    )
    assert [person.address for person in ticket.participants.all()] == ["reception@hotel.example"]
    assert [address.lower() for address in OutgoingMail.objects.get().cc] == ["reception@hotel.example"]
    assert "reception@hotel.example" in desk.get(f"/desk/tickets/{ticket.pk}/").content.decode()


def test_a_copy_can_be_left_out_of_one_reply(desk: Client, agent: User, ticket: Ticket, mailbox: Mailbox) -> None:
    ticket.add_participant(make_agent(), by=agent)
    say(desk, ticket, text="Only for you.", to=ticket.requester.address, cc="")
    assert OutgoingMail.objects.get().cc == [] and ticket.participants.count() == 1


def test_files_go_along(desk: Client, ticket: Ticket) -> None:
    files = [SimpleUploadedFile("guide.txt", b"1. Off", "text/plain"), SimpleUploadedFile("../../x.html", b"<b>")]
    say(desk, ticket, text="See here.", files=files)
    kept = ticket.messages.get(incoming=0).attachments.all()
    assert [(file.name, read(file.blob)) for file in kept] == [("guide.txt", b"1. Off"), ("x.html", b"<b>")]


# nothing that was typed is lost


def not_said(response: Any, status: int, *words: str) -> None:
    page = response.content.decode()
    assert response.status_code == status
    for word in words:
        assert word in page


def test_nothing_written_is_nothing_sent(desk: Client, ticket: Ticket) -> None:
    not_said(say(desk, ticket, text=" \n "), 422, "Write something first.")
    assert ticket.messages.count() == 1


def test_a_wrong_address_is_named_and_the_words_are_kept(desk: Client, ticket: Ticket) -> None:
    response = say(desk, ticket, text="My long answer.", cc="reception@hotel.example, nonsense", solution="How.")
    not_said(response, 422, "nonsense is not a mail address.", ">My long answer.<", "reception@hotel.example, nonsense")
    assert ticket.messages.count() == 1


def test_on_the_screen_only_the_warning_comes(desk: Client, ticket: Ticket) -> None:
    response = say(desk, ticket, hx=True, text="My long answer.", cc="nonsense")
    not_said(response, 422, "nonsense is not a mail address.")
    assert response["HX-Retarget"] == "#warnings" and "textarea" not in response.content.decode()


def test_files_over_the_limit_are_refused_and_the_words_kept(desk: Client, ticket: Ticket, settings: Any) -> None:
    settings.UPLOAD_LIMIT_BYTES = 10
    at_limit = SimpleUploadedFile("a.txt", b"0123456789")
    over = SimpleUploadedFile("b.txt", b"0123456789x")
    not_said(say(desk, ticket, text="With a file.", files=[over]), 413, "larger than", ">With a file.<")
    assert ticket.messages.count() == 1
    assert say(desk, ticket, text="With a file.", files=[at_limit]).status_code == 302


def test_too_many_files_are_refused(desk: Client, ticket: Ticket) -> None:
    files = [SimpleUploadedFile(f"{number}.txt", b"x") for number in range(21)]
    not_said(say(desk, ticket, text="All of them.", files=files), 413, "At most 20 files")


def test_a_reply_stops_when_the_customer_wrote_meanwhile(desk: Client, ticket: Ticket) -> None:
    seen = ticket.messages.get().pk
    customer_says(ticket, "It works again.")
    response = say(desk, ticket, text="Restart it.", seen=seen)
    not_said(
        response, 409, "Andrei Munteanu wrote while you were writing.", "It works again.", ">Restart it.<", "anyway"
    )
    assert ticket.messages.count() == 2
    assert say(desk, ticket, text="Restart it.", seen=seen, anyway="1").status_code == 302


def test_a_reply_stops_when_a_colleague_answered_meanwhile(desk: Client, ticket: Ticket, team: Team) -> None:
    seen = ticket.messages.get().pk
    make_reply(ticket, make_agent(team, name="Davide Conti"), "I sent a technician.")
    response = say(desk, ticket, hx=True, text="Restart it.", seen=seen)
    not_said(response, 409, "Davide Conti wrote while you were writing.", "I sent a technician.")


def test_neither_ones_own_words_nor_a_note_stop_a_reply(desk: Client, agent: User, ticket: Ticket, team: Team) -> None:
    seen = ticket.messages.get().pk
    make_reply(ticket, agent)
    conversation.note(ticket, Words(text="Odd."), by=make_agent(team))
    assert say(desk, ticket, text="And restart it.", seen=seen).status_code == 302


def test_a_note_is_never_stopped(desk: Client, ticket: Ticket) -> None:
    seen = ticket.messages.get().pk
    customer_says(ticket)
    assert say(desk, ticket, kind="note", text="He writes a lot.", seen=seen).status_code == 302


@pytest.mark.parametrize("seen", ["", "nonsense", "-1", "9" * 30])
def test_a_spoilt_form_loses_no_words(desk: Client, ticket: Ticket, seen: str) -> None:
    response = say(desk, ticket, text="Restart it.", seen=seen)
    assert response.status_code in (302, 422)
    assert ticket.messages.count() == 2 or ">Restart it.<" in response.content.decode()


FOREIGN: list[dict[str, Any]] = [{"kind": "shout"}, {"then": "closed"}, {"again": "x"}, {"text": "x" * 1_000_001}]


@pytest.mark.parametrize("data", FOREIGN)
def test_a_form_that_nobody_sends_is_refused(desk: Client, ticket: Ticket, data: dict[str, Any]) -> None:
    assert say(desk, ticket, **({"text": "Hello."} | data)).status_code == 422
    assert ticket.messages.count() == 1


def test_a_closed_ticket_takes_no_reply(desk: Client, agent: User, ticket: Ticket) -> None:
    ticket.solve(by=agent)
    ticket.close(by=agent)
    assert say(desk, ticket, text="One more thing.").status_code == 403
    assert say(desk, ticket, kind="note", text="He called.").status_code == 302


def test_a_light_agent_notes_and_does_not_answer(ticket: Ticket, team: Team) -> None:
    light = browser_of(make_agent(team, role=Role.LIGHT_AGENT))
    assert say(light, ticket, text="Hello.").status_code == 403
    assert say(light, ticket, kind="note", text="I know this one.").status_code == 302


# taking it back


def test_a_reply_is_taken_back_with_what_it_did(desk: Client, ticket: Ticket, mailbox: Mailbox) -> None:
    say(desk, ticket, text="Wrong words.", then="waiting", cc="reception@hotel.example")
    message = ticket.messages.get(incoming=0)
    response = desk.post(f"/desk/messages/{message.pk}/withdrawal/", headers=HX | {"HX-Target": "toasts"})
    page = response.content.decode()
    assert ">Wrong words.<" in page and "reception@hotel.example" in page
    ticket.refresh_from_db()
    assert ticket.status == "new" and ticket.assignee is None
    assert OutgoingMail.objects.get().state == "cancelled"


def test_news_find_their_place_on_a_page_with_a_reply_taken_back(
    desk: Client, ticket: Ticket, mailbox: Mailbox
) -> None:
    say(desk, ticket, text="Wrong words.")
    desk.post(f"/desk/messages/{ticket.messages.get(incoming=0).pk}/withdrawal/")
    page = desk.get(f"/desk/tickets/{ticket.pk}/").content.decode()
    say(desk, ticket, text="Better words.")
    last = re.findall(r"timeline/\?after=(\d+)", page)[0]
    news = desk.get(f"/desk/tickets/{ticket.pk}/timeline/?after={last}", headers=HX).content.decode()
    replaced = set(re.findall(r'id="([\w-]+)"[^>]*hx-swap-oob="true"', news))
    assert len(replaced) > 2 and replaced <= set(re.findall(r'id="([\w-]+)"', page + news.split('id="tail"')[0]))


def test_its_files_can_go_along_again(desk: Client, ticket: Ticket) -> None:
    say(desk, ticket, text="See.", files=[SimpleUploadedFile("guide.txt", b"1. Off", "text/plain")])
    message = ticket.messages.get(incoming=0)
    file = message.attachments.get()
    page = desk.post(f"/desk/messages/{message.pk}/withdrawal/", headers=HX).content.decode()
    assert f'name="again" value="{file.pk}"' in page
    say(desk, ticket, text="See here.", again=[file.pk])
    again = ticket.messages.get(text="See here.").attachments.get()
    assert (again.name, read(again.blob)) == ("guide.txt", b"1. Off")


def test_files_of_others_do_not_go_along(desk: Client, ticket: Ticket) -> None:
    words = Words(text="Here.", files=[conversation_file()])
    theirs = conversation.receive(ticket, words, by=ticket.requester, channel="email").attachments.get()
    assert say(desk, ticket, text="See.", again=[theirs.pk]).status_code == 422


def conversation_file() -> Any:
    from sportello.tickets.files import NewFile

    return NewFile("log.txt", b"1", "text/plain")


def test_a_reply_that_has_left_stays_out(desk: Client, agent: User, ticket: Ticket) -> None:
    message = make_reply(ticket, agent, undo_seconds=10)
    with time_machine.travel(timezone.now() + timedelta(seconds=11)):
        response = desk.post(f"/desk/messages/{message.pk}/withdrawal/")
    assert response.status_code == 409 and "That reply has already been sent." in response.content.decode()


def test_only_its_writer_takes_a_reply_back(ticket: Ticket, team: Team, agent: User) -> None:
    message = make_reply(ticket, agent, undo_seconds=60)
    colleague = browser_of(make_agent(team))
    assert colleague.post(f"/desk/messages/{message.pk}/withdrawal/").status_code == 403


def test_without_script_the_words_come_back_too(desk: Client, ticket: Ticket) -> None:
    say(desk, ticket, text="Wrong words.")
    message = ticket.messages.get(incoming=0)
    where = desk.post(f"/desk/messages/{message.pk}/withdrawal/")["Location"]
    assert ">Wrong words.<" in desk.get(where).content.decode()


def test_undo_goes_along_to_other_pages_at_no_cost(desk: Client, ticket: Ticket, mailbox: Mailbox) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        alone = len(queries_of(lambda: desk.get("/desk/queue/all/")))
        say(desk, ticket, hx=True, text="Wrong words.", then="open")
        undo = f"/desk/messages/{ticket.messages.get(incoming=0).pk}/withdrawal/"
        clock.shift(timedelta(seconds=4))
        assert len(queries_of(lambda: desk.get("/desk/queue/all/"))) == alone
        other = make_ticket(team=ticket.team)
        for address in ("/desk/queue/all/", f"/desk/tickets/{other.pk}/"):
            page = desk.get(address).content.decode()
            assert f"Reply to {ticket.pk} goes out in 6 seconds" in page and f'action="{undo}"' in page
        desk.post(undo, headers=HX)
        assert undo not in desk.get("/desk/queue/all/").content.decode()


def test_undo_on_another_page_leads_to_the_ticket_with_the_words(desk: Client, ticket: Ticket) -> None:
    say(desk, ticket, text="Wrong words.")
    pk = ticket.messages.get(incoming=0).pk
    elsewhere = HX | {"HX-Target": "toasts", "HX-Current-URL": "http://testserver/desk/queue/all/"}
    where = desk.post(f"/desk/messages/{pk}/withdrawal/", headers=elsewhere)["HX-Redirect"]
    assert where == f"/desk/tickets/{ticket.pk}/?again={pk}#composer"
    assert ">Wrong words.</textarea>" in desk.get(where).content.decode()


def test_a_reply_can_be_taken_back_where_it_stands(desk: Client, ticket: Ticket, team: Team, mailbox: Mailbox) -> None:
    colleague = browser_of(make_agent(team))
    with time_machine.travel(timezone.now(), tick=False) as clock:
        say(desk, ticket, text="Wrong words.")
        message = ticket.messages.get(incoming=0)
        way = f'seconds="7"><form method="post" action="/desk/messages/{message.pk}/withdrawal/"'
        clock.shift(timedelta(seconds=3))
        desk.cookies.pop("undo")
        address = f"/desk/tickets/{ticket.pk}/"
        assert f'class="delivery__undo" {way}' in desk.get(address).content.decode()
        assert "/withdrawal/" not in colleague.get(address).content.decode()
        clock.shift(timedelta(seconds=7))
        assert "/withdrawal/" not in desk.get(address).content.decode()


# what did not arrive, and who types


def test_a_mail_that_did_not_arrive_is_sent_again(desk: Client, agent: User, ticket: Ticket, mailbox: Mailbox) -> None:
    message = make_reply(ticket, agent)
    OutgoingMail.objects.filter(message=message).update(state="failed", last_answer="552 mailbox full")
    assert desk.post(f"/desk/messages/{message.pk}/delivery/").status_code == 302
    assert OutgoingMail.objects.get(message=message).state == "queued"


def test_a_mail_that_arrived_is_not_sent_again(desk: Client, agent: User, ticket: Ticket, mailbox: Mailbox) -> None:
    message = make_reply(ticket, agent)
    OutgoingMail.objects.filter(message=message).update(state="sent")
    assert desk.post(f"/desk/messages/{message.pk}/delivery/").status_code == 404


def test_typing_is_told_to_colleagues(desk: Client, agent: User, ticket: Ticket) -> None:
    assert desk.post(f"/desk/tickets/{ticket.pk}/typing/", {"kind": "note"}).status_code == 204
    assert Presence.objects.get(ticket=ticket, user=agent).typing_note is True


@pytest.mark.parametrize("again", ["9" * 30, "-1", "²", "x", "0"])
def test_files_that_nobody_took_back_are_refused(desk: Client, ticket: Ticket, again: str) -> None:
    assert say(desk, ticket, text="With the file.", again=again).status_code == 422
    assert not ticket.messages.filter(incoming=0).exists()


@pytest.mark.parametrize("kind", ["reply", "note"])
def test_what_is_sent_twice_is_said_once(desk: Client, ticket: Ticket, mailbox: Mailbox, kind: str) -> None:
    page = desk.get(f"/desk/tickets/{ticket.pk}/").content.decode()
    found = re.search('name="token" value="([^"]+)"', page)
    assert found
    sent: dict[str, Any] = {"kind": kind, "text": "Restart it.", "to": ticket.requester.address, "token": found[1]}
    for hx in (False, True, False):
        assert say(desk, ticket, hx=hx, **sent).status_code in (200, 302)
    assert ticket.messages.filter(incoming=0).count() == 1
    assert OutgoingMail.objects.filter(message__ticket=ticket).count() == (kind == "reply")
    say(desk, ticket, **sent | {"text": "Restart it twice."})
    assert ticket.messages.filter(incoming=0).count() == 2


def test_the_same_words_from_a_fresh_form_are_said_again(desk: Client, ticket: Ticket) -> None:
    for token in ("first", "second"):
        say(desk, ticket, text="Still working on it.", token=token)
    assert ticket.messages.filter(incoming=0).count() == 2


@pytest.mark.parametrize("field", ["to", "cc"])
def test_too_many_addresses_are_told_and_nothing_is_sent(desk: Client, ticket: Ticket, field: str) -> None:
    many = " ".join(f"g{n}@example.com" for n in range(51))
    sent: dict[str, Any] = {field: many}
    response = say(desk, ticket, text="For all of you.", **sent)
    page = response.content.decode()
    assert response.status_code == 422 and "At most 50 addresses." in page
    assert "For all of you." in page and many in page
    assert not ticket.messages.filter(incoming=0).exists()
