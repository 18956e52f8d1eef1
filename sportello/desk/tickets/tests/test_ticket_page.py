"""What does the ticket page show, to whom, and at which cost?"""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from sportello.channels.email.models import Mailbox, OutgoingMail
from sportello.desk.conftest import browser_of
from sportello.people.models import Team, User
from sportello.people.roles import Role
from sportello.people.testing import make_administrator, make_agent, make_customer, make_team
from sportello.tickets import conversation, reading
from sportello.tickets.conversation import Words
from sportello.tickets.files import NewFile
from sportello.tickets.intake import NewTicket, open_ticket
from sportello.tickets.models import Presence, Ticket, TicketSeen
from sportello.tickets.testing import make_note, make_reply, make_ticket
from tests.queries import assert_constant_queries, queries_of

HX = {"HX-Request": "true"}


def page_of(client: Client, ticket: Ticket, rest: str = "") -> str:
    response = client.get(f"/desk/tickets/{ticket.pk}/{rest}")
    assert response.status_code == 200
    return response.content.decode()


def test_it_costs_the_same_with_many_messages(desk: Client, agent: User, ticket: Ticket) -> None:
    Mailbox.objects.create(address="support@desk.example", name="Desk", team=ticket.team)
    file = NewFile("log.txt", b"1", "text/plain")

    def add_exchange() -> None:
        words = Words(text="It is cold.", files=[file])
        conversation.receive(ticket, words, by=ticket.requester, channel="email")
        make_reply(ticket, agent, then="waiting")
        make_note(ticket, agent)
        ticket.tag(by=agent, add=[f"tag{ticket.timeline.count()}"])
        ticket.add_participant(make_customer(), by=agent)

    assert_constant_queries(lambda: page_of(desk, ticket), add_exchange, rows=16, at_most=12)


def test_an_administrator_pays_no_more(ticket: Ticket, agent: User) -> None:
    make_reply(ticket, agent)
    boss = browser_of(make_administrator())
    assert len(queries_of(lambda: page_of(boss, ticket))) <= 12


def test_both_sides_are_read_in_the_order_in_which_they_spoke(desk: Client, agent: User, ticket: Ticket) -> None:
    make_reply(ticket, agent, "Restart the gateway.")
    make_note(ticket, agent, "An old gateway.")
    page = page_of(desk, ticket)
    places = [page.index(words) for words in ("no heating", "Restart the gateway.", "An old gateway.")]
    assert places == sorted(places)
    assert "Internal note" in page


def test_words_stand_in_paragraphs_and_are_never_markup(desk: Client, agent: User, ticket: Ticket) -> None:
    make_reply(ticket, agent, "Use <b> here.\n\nSee https://example.com/?a=1&b=2")
    page = page_of(desk, ticket)
    assert "<p>Use &lt;b&gt; here.</p>" in page
    assert '<p>See <a href="https://example.com/?a=1&amp;b=2"' in page


def test_what_happened_stands_between_in_words(desk: Client, agent: User, ticket: Ticket) -> None:
    ticket.wait(by=agent)
    assert "Marta Rinaldi set the status to Waiting for customer" in page_of(desk, ticket)


def test_several_facts_are_one_line_that_unfolds(desk: Client, agent: User, ticket: Ticket) -> None:
    ticket.prioritise(4, by=agent)
    ticket.tag(by=agent, add=["heating"])
    ticket.assign_to(agent, by=agent)
    page = page_of(desk, ticket)
    assert "4 events" in page  # taking a new ticket opens it
    assert "Marta Rinaldi took it" in page


def test_the_reasons_why_it_is_here_stand_as_sentences(desk: Client, ticket: Ticket) -> None:
    texts = ("No sign of an earlier ticket", "The mail does not say who sent it.", "The mail is encrypted.")
    ticket.messages.update(reasons=[{"code": "defect", "text": text} for text in texts])
    page = page_of(desk, ticket)
    assert "No sign of an earlier ticket. The mail does not say who sent it. The mail is encrypted</small>" in page


def test_a_decision_of_a_program_says_why(desk: Client, ticket: Ticket) -> None:
    ticket.solve(by=User.objects.system(), cause={"by": "follow-up window", "days": 14})
    assert (
        page_of(desk, ticket).count("solved for longer than 14 days") == 2
    )  # in the thread and under "Why is it here?"


def test_what_a_reply_took_along_needs_no_reason(desk: Client, agent: User, ticket: Ticket) -> None:
    make_reply(ticket, agent, then="waiting")
    assert "message:" not in page_of(desk, ticket) and ", reply" not in page_of(desk, ticket)


def test_the_last_thirty_messages_come_first_and_the_others_on_demand(desk: Client, ticket: Ticket) -> None:
    for number in range(34):
        conversation.receive(ticket, Words(text=f"Message {number}."), by=ticket.requester, channel="email")
    page = page_of(desk, ticket)
    assert "Message 33." in page and "Message 4." in page and "Message 3." not in page
    first_shown = ticket.messages.order_by("-id")[29].pk
    assert f"?before={first_shown}" in page
    earlier = page_of(desk, ticket, f"timeline/?before={first_shown}")
    assert "Message 3." in earlier and "no heating" in earlier and "Message 4." not in earlier
    assert "Message 3." in page_of(desk, ticket, f"?before={first_shown}")  # the same without script


def flip_a_tag(ticket: Ticket, agent: User, times: int) -> None:
    for number in range(times):
        ticket.tag(by=agent, add=["noisy"] if number % 2 == 0 else [], remove=["noisy"] if number % 2 else [])


def test_no_number_of_facts_hides_a_message(
    desk: Client, agent: User, ticket: Ticket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "MOST_ENTRIES", 6)
    ticket.wait(by=agent)
    flip_a_tag(ticket, agent, 8)
    make_note(ticket, agent, "It goes on and off.")
    page = page_of(desk, ticket)
    places = [page.index(words) for words in ("no heating", "Show earlier events", "5 events", "It goes on and off.")]
    assert places == sorted(places)
    assert "set the status" not in page
    first_drawn = ticket.timeline.order_by("-id")[5].pk
    assert f'/history/?before={first_drawn}"' in page
    history = page_of(desk, ticket, f"history/?before={first_drawn}")
    assert "set the status to Waiting for customer" in history


def test_many_facts_cost_no_more_than_one_question(
    desk: Client, agent: User, ticket: Ticket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "MOST_ENTRIES", 6)
    flip_a_tag(ticket, agent, 12)
    assert len(queries_of(lambda: page_of(desk, ticket))) <= 12


def test_earlier_messages_come_however_much_happened_between(
    desk: Client, agent: User, ticket: Ticket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "MOST_ENTRIES", 6)
    monkeypatch.setattr(reading, "STRETCH", 2)
    for number in range(5):
        make_note(ticket, agent, f"Note {number}.")
        flip_a_tag(ticket, agent, 10)
    seen, page = "", page_of(desk, ticket)
    while '"?before=' in page:
        seen += page
        page = page_of(desk, ticket, "timeline/?before=" + page.split('"?before=')[1].split('"')[0])
    seen += page
    assert all(f"Note {number}." in seen for number in range(5)) and "no heating" in seen


def test_news_hold_every_new_message_however_much_happened_between(
    desk: Client, agent: User, ticket: Ticket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "MOST_ENTRIES", 6)
    where = f"/desk/tickets/{ticket.pk}/timeline/?after={after_of(page_of(desk, ticket))}"
    make_note(ticket, agent, "Early.")
    flip_a_tag(ticket, agent, 10)
    make_note(ticket, agent, "Late.")
    news = desk.get(where, headers=HX).content.decode()
    assert "Early." in news and "Late." in news and "Show earlier events" in news


def test_a_message_without_a_fact_of_its_own_stands_where_it_was_said(
    desk: Client, agent: User, ticket: Ticket
) -> None:
    make_note(ticket, agent, "The first note.")
    ticket.timeline.filter(kind="MessageAdded").delete()
    ticket.wait(by=agent)
    page = page_of(desk, ticket)
    places = [page.index(words) for words in ("no heating", "The first note.", "set the status")]
    assert places == sorted(places)


def test_a_message_of_another_ticket_is_no_place_to_read_on_from(desk: Client, ticket: Ticket) -> None:
    other = make_ticket(text="A secret.")
    page = page_of(desk, ticket, f"timeline/?before={other.messages.get().pk}")
    assert "A secret." not in page


def test_a_line_stands_above_what_is_new(desk: Client, agent: User, ticket: Ticket) -> None:
    assert "New since your last visit" not in page_of(desk, ticket)
    TicketSeen.mark(ticket.pk, agent.pk)
    conversation.receive(ticket, Words(text="Still cold."), by=ticket.requester, channel="email")
    page = page_of(desk, ticket)
    assert page.index("no heating") < page.index("New since your last visit") < page.index("Still cold.")


def test_reading_changes_nothing(desk: Client, ticket: Ticket) -> None:
    page_of(desk, ticket)
    assert not TicketSeen.objects.exists() and not Presence.objects.exists()


def test_days_are_drawn_where_they_change(desk: Client, agent: User, team: Team) -> None:
    with time_machine.travel("2026-11-16T10:00:00Z", tick=False):
        ticket = make_ticket(team=team)
    with time_machine.travel("2026-11-17T10:00:00Z", tick=False):
        make_note(ticket, agent)
        page = page_of(desk, ticket)
    assert "Monday 16 November 2026" in page and "Tuesday 17 November 2026" in page


def test_the_quoted_part_is_folded_not_lost(desk: Client, ticket: Ticket) -> None:
    words = Words(text="It works.", quoted_text="> Does it work?\n> Marta")
    conversation.receive(ticket, words, by=ticket.requester, channel="email")
    page = page_of(desk, ticket)
    assert "Quoted text, 2 lines" in page and "Does it work?" in page


@pytest.mark.parametrize("payload", ["<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "{{ 7|add:7 }}"])
def test_what_strangers_write_stays_words(desk: Client, team: Team, payload: str) -> None:
    stranger = make_customer(name=payload)
    ticket = make_ticket(team=team, requester=stranger, subject=payload, text=payload)
    ticket.tag(by=make_agent(team), add=[payload])
    page = page_of(desk, ticket)
    assert ("<script>alert" not in page and "<img src=x" not in page and "{{ 7|add:7 }}" in page) or payload[0] == "<"


def test_a_reply_shows_how_far_it_is(desk: Client, agent: User, ticket: Ticket) -> None:
    box = Mailbox.objects.create(address="support@desk.example", name="Desk", team=ticket.team)
    message = make_reply(ticket, agent)
    mail = OutgoingMail.objects.get(message=message)
    assert mail.mailbox == box and "Queued" in page_of(desk, ticket)
    OutgoingMail.objects.filter(pk=mail.pk).update(state="failed", last_answer="552 mailbox full")
    page = page_of(desk, ticket)
    assert "Not delivered: andrei@hotel-carpatica.example" in page and "552 mailbox full" in page
    assert f"/desk/messages/{message.pk}/delivery/" in page


def test_a_reply_that_somebody_stopped_says_so(desk: Client, agent: User, ticket: Ticket) -> None:
    Mailbox.objects.create(address="support@desk.example", name="Desk", team=ticket.team)
    message = make_reply(ticket, agent)
    OutgoingMail.objects.filter(message=message).update(state="failed", last_answer="552 mailbox full")
    boss = make_administrator(name="Ada Bruni")
    mail = OutgoingMail.objects.get(message=message)
    assert browser_of(boss).post(f"/desk/mail/stuck/{mail.pk}/cancel/").status_code == 302
    page = page_of(desk, ticket)
    assert "Not sent: andrei@hotel-carpatica.example" in page and "Taken back" not in page
    assert "Ada Bruni stopped the mail to andrei@hotel-carpatica.example, 552 mailbox full" in page
    assert f"/desk/messages/{message.pk}/delivery/" not in page


def test_without_a_mailbox_nothing_is_said_to_leave(desk: Client, agent: User, ticket: Ticket) -> None:
    assert "No mailbox is connected yet." in page_of(desk, ticket)
    path = f"/desk/tickets/{ticket.pk}/messages/"
    page = desk.post(path, {"kind": "reply", "text": "On it."}, follow=True).content.decode()
    assert f"Reply to {ticket.pk} waits here until a mailbox is connected" in page and "goes out in" not in page
    assert "Waits here until a mailbox is connected" in page
    Mailbox.objects.create(address="support@desk.example", name="Desk", team=ticket.team)
    page = desk.post(path, {"kind": "reply", "text": "Done."}, follow=True).content.decode()
    assert "goes out in 10 seconds" in page and "No mailbox is connected" not in page


def test_the_person_is_shown_with_what_else_they_asked(desk: Client, ticket: Ticket, customer: User) -> None:
    make_ticket(team=ticket.team, requester=customer, subject="Valve 312 does not close")
    colleague = make_customer(organisation=customer.organisation)
    make_ticket(team=ticket.team, requester=colleague)
    page = page_of(desk, ticket)
    assert "Hotel Carpatica" in page and "Valve 312 does not close" in page and "English" in page
    assert "1 other ticket, 2 open at Hotel Carpatica" in page


def test_requests_at_other_counters_stay_theirs(desk: Client, ticket: Ticket, customer: User) -> None:
    make_ticket(requester=customer, subject="A private matter")
    assert "A private matter" not in page_of(desk, ticket)


def test_tickets_that_follow_are_linked_both_ways(desk: Client, ticket: Ticket, agent: User, customer: User) -> None:
    words = Words(text="Cold again.")
    new = NewTicket(subject="Again", requester=customer, team=ticket.team, words=words, follow_up_of=ticket)
    follow_up = open_ticket(new)
    assert f'Follows <a href="/desk/tickets/{ticket.pk}/">' in page_of(desk, follow_up)


def test_a_light_agent_may_note_and_not_answer(ticket: Ticket, team: Team) -> None:
    page = page_of(browser_of(make_agent(team, role=Role.LIGHT_AGENT)), ticket)
    assert 'value="note" checked' in page and 'value="reply"' not in page
    assert "/assignment/" not in page and "/status/" not in page


def test_a_closed_ticket_takes_notes_only(desk: Client, agent: User, ticket: Ticket) -> None:
    ticket.solve(by=agent)
    ticket.close(by=agent)
    page = page_of(desk, ticket)
    assert 'value="reply"' not in page and "Closed for good" in page


def test_a_ticket_out_of_sight_is_not_there(ticket: Ticket) -> None:
    elsewhere = browser_of(make_agent(make_team()))
    assert elsewhere.get(f"/desk/tickets/{ticket.pk}/").status_code == 404


@pytest.mark.parametrize("number", ["0", "999999", "9" * 17, "9" * 30])
def test_a_number_without_a_ticket_is_not_there(desk: Client, number: str) -> None:
    assert desk.get(f"/desk/tickets/{number}/").status_code == 404


@pytest.mark.parametrize(
    "query", ["?before=x", "?before=-1", "?before=" + "9" * 30, "?queue=nonsense", "?queue=team-99"]
)
def test_a_wrong_address_still_shows_the_ticket(desk: Client, ticket: Ticket, query: str) -> None:
    assert "no heating" in page_of(desk, ticket, query)


def test_a_customer_does_not_come_in(ticket: Ticket, customer: User) -> None:
    assert browser_of(customer).get(f"/desk/tickets/{ticket.pk}/").status_code == 403


def test_a_guest_is_sent_to_sign_in(client: Client, ticket: Ticket) -> None:
    response = client.get(f"/desk/tickets/{ticket.pk}/")
    assert response.status_code == 302 and "sign-in" in response["Location"]


def test_nothing_of_it_is_kept_in_caches(desk: Client, ticket: Ticket) -> None:
    assert "no-store" in desk.get(f"/desk/tickets/{ticket.pk}/")["Cache-Control"]


# parts, for a screen that heard of a change


@pytest.mark.parametrize("part", ["header", "context", "present"])
def test_a_part_that_did_not_change_is_not_sent_again(desk: Client, ticket: Ticket, part: str) -> None:
    path = f"/desk/tickets/{ticket.pk}/{part}/"
    first = desk.get(path, headers=HX)
    version = first.content.decode().split("version=")[1].split('"')[0]
    assert desk.get(f"{path}?version={version}", headers=HX).status_code == 204
    assert desk.get(f"{path}?version=1", headers=HX).status_code == 200


def test_the_header_changes_with_the_status(desk: Client, agent: User, ticket: Ticket) -> None:
    path = f"/desk/tickets/{ticket.pk}/header/"
    version = desk.get(path).content.decode().split("version=")[1].split('"')[0]
    ticket.wait(by=agent)
    changed = desk.get(f"{path}?version={version}", headers=HX)
    assert changed.status_code == 200 and "Waiting for customer" in changed.content.decode()


def after_of(page: str) -> str:
    return page.split("timeline/?after=")[1].split('"', maxsplit=1)[0].replace("&amp;", "&")


def test_the_thread_grows_by_what_is_new(desk: Client, agent: User, ticket: Ticket) -> None:
    where = f"/desk/tickets/{ticket.pk}/timeline/?after={after_of(page_of(desk, ticket))}"
    assert desk.get(where, headers=HX).status_code == 204
    make_note(ticket, agent, "Only this.")
    news = desk.get(where, headers=HX).content.decode()
    assert "Only this." in news and "no heating" not in news
    assert 'hx-swap-oob="beforebegin:#tail"' in news
    last = f"/desk/tickets/{ticket.pk}/timeline/?after={after_of(news)}"
    assert desk.get(last, headers=HX).status_code == 204


def test_the_thread_hears_how_far_a_mail_is(desk: Client, agent: User, ticket: Ticket) -> None:
    Mailbox.objects.create(address="support@desk.example", name="Desk", team=ticket.team)
    message = make_reply(ticket, agent)
    where = f"/desk/tickets/{ticket.pk}/timeline/?after={after_of(page_of(desk, ticket))}"
    assert desk.get(where, headers=HX).status_code == 204
    OutgoingMail.objects.filter(message=message).update(state="sent")
    news = desk.get(where, headers=HX).content.decode()
    assert f'id="delivery-{message.pk}"' in news and "Sent" in news


def test_growing_costs_the_same_for_long_threads(desk: Client, agent: User, ticket: Ticket) -> None:
    make_reply(ticket, agent)
    where = f"/desk/tickets/{ticket.pk}/timeline/?after={after_of(page_of(desk, ticket))}"
    assert_constant_queries(lambda: desk.get(where, headers=HX), lambda: make_note(ticket, agent))


def test_colleagues_are_seen_and_what_they_do(desk: Client, ticket: Ticket, team: Team) -> None:
    davide = make_agent(team, name="Davide Conti")
    Presence.arrive(ticket.pk, davide.pk)
    assert "Davide Conti" in page_of(desk, ticket, "present/")
    Presence.type(ticket.pk, davide.pk, note=True)
    assert "Davide Conti is writing a note" in page_of(desk, ticket, "present/")
    with time_machine.travel(timezone.now() + timedelta(seconds=60)):
        assert "Davide" not in page_of(desk, ticket, "present/")


def test_one_does_not_see_oneself(desk: Client, agent: User, ticket: Ticket) -> None:
    Presence.arrive(ticket.pk, agent.pk)
    assert 'class="presence__who"' not in page_of(desk, ticket, "present/")


def test_the_neighbours_in_the_queue_are_one_key_away(desk: Client, agent: User, ticket: Ticket, team: Team) -> None:
    later = make_ticket(team=team)
    place = page_of(desk, ticket, f"place/?queue=team-{team.pk}")
    assert f"/desk/tickets/{later.pk}/?queue=team-{team.pk}" in place and "Previous" not in place


def test_a_part_asked_for_after_the_session_ended_leads_to_sign_in(client: Client, ticket: Ticket) -> None:
    response = client.get(f"/desk/tickets/{ticket.pk}/header/", headers=HX)
    assert "sign-in" in response["HX-Redirect"]


def test_a_kept_draft_says_when_in_the_readers_zone(desk: Client, agent: User, ticket: Ticket) -> None:
    User.objects.filter(pk=agent.pk).update(time_zone="Asia/Tokyo")
    assert 'data-zone="Asia/Tokyo"' in desk.get(f"/desk/tickets/{ticket.pk}/").content.decode()


def test_how_it_was_solved_is_never_folded_away(desk: Client, agent: User, ticket: Ticket) -> None:
    ticket.prioritise(4, by=agent)
    ticket.wait(by=agent)
    ticket.solve(by=agent, note="The valve was shut.")
    ticket.retype("incident", by=agent)
    page = page_of(desk, ticket)
    line = page[: page.index("The valve was shut.")].rpartition("<ol")[2]
    assert line.startswith(' class="events"')


def test_who_reads_along_sees_at_once_that_a_reply_was_taken_back(desk: Client, agent: User, ticket: Ticket) -> None:
    message = make_reply(ticket, agent, undo_seconds=10)
    where = f"/desk/tickets/{ticket.pk}/timeline/?after={after_of(page_of(desk, ticket))}"
    conversation.withdraw(message, by=agent)
    news = desk.get(where, headers=HX).content.decode()
    assert f'id="message-{message.pk}" data-withdrawn hx-swap-oob="true"' in news
    assert "The customer never saw it." in news
    assert desk.get(f"/desk/tickets/{ticket.pk}/timeline/?after={after_of(news)}", headers=HX).status_code == 204


def test_each_message_that_is_new_to_the_reader_is_marked_and_one_line_stands_above(
    desk: Client, agent: User, ticket: Ticket
) -> None:
    page_of(desk, ticket)
    TicketSeen.mark(ticket.pk, agent.pk)
    for text in ("Still cold.", "Do you hear me?"):
        conversation.receive(ticket, Words(text=text), by=ticket.requester, channel="email")
    page = page_of(desk, ticket)
    assert page.count("message--new") == 2 and page.count("day-line--new") == 1


PIXEL = '<img data-remote-src="https://far.example/x.png">'


@pytest.mark.parametrize(
    ("text", "html", "is_open"),
    [
        ("", "<p>It is cold.</p>", True),
        ("", PIXEL, True),
        ("It is cold.", "<p>It is cold.</p>", False),
        ("It is cold.", f'<div dir="ltr" style="color: #222222; font-size: small">It is cold.</div>{PIXEL}', False),
        ("It is cold.", '<p style="color:rgb(0, 0, 0)">It is cold. &lt;b></p>', False),
        ("It is cold.", "<p>It is <b>cold</b>.</p>", True),
        ("It is cold.", "<h1>It is cold.</h1>", True),
        ("It is cold.", '<p style="margin:0;color: red">It is cold.</p>', True),
        ("It is cold.", '<p style="color: #222222; background-color: yellow">It is cold.</p>', True),
        ("It is cold.", '<p><font color="#ff0000">It is cold.</font></p>', True),
        ("It is cold.", '<p>It is cold.</p><img width="9" data-cid="shot@1">', True),
        ("Room, 402, cold", "<table><tr><td>Room</td><td>402</td><td>cold</td></tr></table>", True),
    ],
)
def test_a_mail_is_read_as_it_was_sent_where_its_text_would_say_less(
    desk: Client, ticket: Ticket, text: str, html: str, *, is_open: bool
) -> None:
    conversation.receive(ticket, Words(text=text, html=html), by=ticket.requester, channel="email")
    page = page_of(desk, ticket)
    assert ('<details class="fold mail-fold" open>' in page) is is_open
    assert page.count('loading="lazy"') == page.count('class="fold mail-fold"') == 1


def test_a_mail_that_is_read_as_it_was_sent_keeps_its_text_folded_below(desk: Client, ticket: Ticket) -> None:
    mail = Words(text="It is cold.", html="<p>It is <b>cold</b>.</p>")
    conversation.receive(ticket, mail, by=ticket.requester, channel="email")
    page = page_of(desk, ticket)
    assert 0 < page.find("As it was sent") < page.find("Plain text</summary><p>It is cold.</p>")


def test_the_fold_itself_says_which_pictures_are_held_back(desk: Client, ticket: Ticket) -> None:
    mail = Words(text="It is cold.", html=f"<p>It is cold.</p>{PIXEL}", remote_images=1)
    conversation.receive(ticket, mail, by=ticket.requester, channel="email")
    summary = page_of(desk, ticket).partition("As it was sent")[2].partition("</summary>")[0]
    assert "1 remote image held back." in summary
