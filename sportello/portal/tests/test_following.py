"""Does a customer see all of their request, nothing of ours, and nothing of others, signed in or by link?"""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from sportello.channels.testing import Letter
from sportello.kernel.html import sanitise
from sportello.kernel.jobs.testing import run_jobs
from sportello.people.models import Team, User
from sportello.people.testing import make_agent, make_customer, make_organisation, make_team
from sportello.portal.tests.asking import token_on
from sportello.tickets import conversation, intake
from sportello.tickets.conversation import Words
from sportello.tickets.files import NewFile
from sportello.tickets.links import follow_token
from sportello.tickets.models import Attachment, Message, Ticket
from sportello.tickets.testing import make_note, make_reply, make_ticket
from sportello.tickets.words import Status
from tests.queries import assert_constant_queries

pytestmark = pytest.mark.django_db


@pytest.fixture
def team() -> Team:
    return make_team("Heating", follow_up_days=14)


@pytest.fixture
def andrei() -> User:
    return make_customer("andrei@example.com")


@pytest.fixture
def marta(team: Team) -> User:
    return make_agent(team, name="Marta Rinaldi")


@pytest.fixture
def ticket(team: Team, andrei: User) -> Ticket:
    return make_ticket(team=team, requester=andrei)


def by_session(ticket: Ticket, reader: User) -> tuple[Client, str]:
    client = Client()
    client.force_login(reader)
    return client, f"/requests/{ticket.pk}/"


def by_link(ticket: Ticket, reader: User) -> tuple[Client, str]:
    return Client(enforce_csrf_checks=True), f"/r/{follow_token(ticket, reader)}/"


WAYS = pytest.mark.parametrize("way", [by_session, by_link])


@WAYS
def test_the_public_thread_is_there_and_nothing_else(way: Any, ticket: Ticket, andrei: User, marta: User) -> None:
    make_reply(ticket, marta, "Restart the gateway.\n\nSee https://alba.example/help")
    make_note(ticket, marta, "An old gateway, do not tell.")
    make_reply(ticket, marta, "Not yet visible.", undo_seconds=10)
    client, path = way(ticket, andrei)
    page = client.get(path).content.decode()
    assert "Fourteen rooms have no heating." in page
    assert "Restart the gateway." in page
    assert 'href="https://alba.example/help"' in page
    assert "do not tell" not in page
    assert "Not yet visible" not in page
    assert "Marta" in page
    assert "Rinaldi" not in page
    assert "agent" not in marta.address or marta.address not in page


@WAYS
def test_markup_in_words_stays_words(way: Any, team: Team, andrei: User) -> None:
    bad = "<script>alert(1)</script><img src=x onerror=alert(2)>"
    ticket = make_ticket(team=team, requester=andrei, subject=bad, text=bad)
    client, path = way(ticket, andrei)
    page = client.get(path).content.decode()
    assert "<script>alert" not in page
    assert "<img src=x" not in page


@pytest.mark.parametrize(
    ("verb", "current", "words"),
    [
        ("", "Received", "somebody will take it up"),
        ("start", "In progress", "The next word is ours."),
        ("hold", "In progress", "You have nothing to do."),
        ("wait", "Waiting for you", "The next word is yours."),
        ("solve", "Solved", "If you write again, it opens again."),
    ],
)
def test_the_steps_say_where_it_stands(
    ticket: Ticket, andrei: User, marta: User, verb: str, current: str, words: str
) -> None:
    if verb:
        getattr(ticket, verb)(by=marta)
    client, path = by_session(ticket, andrei)
    page = client.get(path).content.decode()
    step = page.partition('aria-current="step"')[2].partition("</b>")[0]
    assert step.endswith(f"<b>{current}")
    assert words in page


@WAYS
def test_an_answer_joins_and_opens_again_what_waited(way: Any, ticket: Ticket, andrei: User, marta: User) -> None:
    make_reply(ticket, marta, then=Status.WAITING)
    client, path = way(ticket, andrei)
    answer = client.post(f"{path}answer/", _words(client, path, "It is the third floor."))
    assert (answer.status_code, answer["Location"]) == (302, path)
    ticket.refresh_from_db()
    said = ticket.messages.latest("id")
    assert (said.text, said.author, said.incoming) == ("It is the third floor.", andrei, 1)
    assert ticket.status == Status.OPEN


def _words(client: Client, path: str, body: str, **more: Any) -> dict[str, Any]:
    data = {"body": body, "token": token_on(client, path), **more}
    if "csrftoken" in client.cookies:
        data["csrfmiddlewaretoken"] = client.cookies["csrftoken"].value
    return data


@WAYS
def test_an_answer_brings_files(way: Any, ticket: Ticket, andrei: User) -> None:
    client, path = way(ticket, andrei)
    data = _words(client, path, "Here.", attachments=[SimpleUploadedFile("led.png", b"picture", "image/png")])
    client.post(f"{path}answer/", data)
    assert [file.name for file in ticket.messages.latest("id").attachments.all()] == ["led.png"]


@WAYS
def test_b120_an_answer_sent_twice_is_one_message(way: Any, ticket: Ticket, andrei: User) -> None:
    client, path = way(ticket, andrei)
    data = _words(client, path, "Once.")
    for _ in range(3):
        assert client.post(f"{path}answer/", data)["Location"] == path
    assert ticket.messages.count() == 2


@WAYS
def test_an_empty_answer_is_refused_with_words(way: Any, ticket: Ticket, andrei: User) -> None:
    client, path = way(ticket, andrei)
    answer = client.post(f"{path}answer/", _words(client, path, "  "))
    assert answer.status_code == 400
    assert "Write a few words to go with it." in answer.content.decode()
    assert ticket.messages.count() == 1


@WAYS
def test_files_over_the_limit_keep_the_words(way: Any, ticket: Ticket, andrei: User, settings: LazySettings) -> None:
    settings.UPLOAD_LIMIT_BYTES = 1000
    client, path = way(ticket, andrei)
    data = _words(client, path, "My long words", attachments=[SimpleUploadedFile("1.bin", b"x" * 100_000)])
    answer = client.post(f"{path}answer/", data)
    assert answer.status_code == 413
    assert "My long words" in answer.content.decode()
    assert ticket.messages.count() == 1


@WAYS
def test_the_customer_says_that_it_is_solved(way: Any, ticket: Ticket, andrei: User) -> None:
    client, path = way(ticket, andrei)
    client.post(f"{path}solution/", _words(client, path, "Warm again, thank you."))
    ticket.refresh_from_db()
    assert (ticket.status, ticket.assignee) == (Status.SOLVED, None)
    assert ticket.messages.latest("id").text == "Warm again, thank you."
    client.post(f"{path}solution/", _words(client, path, ""))
    assert ticket.messages.count() == 2
    assert "It is solved</button>" not in client.get(path).content.decode()


@WAYS
def test_an_answer_within_the_window_opens_it_again(way: Any, ticket: Ticket, andrei: User, marta: User) -> None:
    ticket.solve(by=marta)
    client, path = way(ticket, andrei)
    client.post(f"{path}answer/", _words(client, path, "Cold again."))
    ticket.refresh_from_db()
    assert ticket.status == Status.OPEN


@WAYS
def test_an_answer_after_the_window_opens_a_linked_new_one_and_says_so(
    way: Any, ticket: Ticket, andrei: User, marta: User
) -> None:
    ticket.solve(by=marta)
    with time_machine.travel(timezone.now() + timedelta(days=15)):
        client, path = way(ticket, andrei)
        assert "What you write opens a new one" in client.get(path).content.decode()
        answer = client.post(f"{path}answer/", _words(client, path, "Cold again."))
        follow_up = Ticket.objects.latest("id")
        page = client.get(answer["Location"]).content.decode()
    assert (follow_up.follow_up_of, follow_up.requester) == (ticket, andrei)
    ticket.refresh_from_db()
    assert ticket.status == Status.SOLVED
    assert "Cold again." in page
    assert f"Your answer opened a new one, {follow_up.pk}, linked to it." in page


@WAYS
def test_a_closed_request_cannot_be_solved_again(way: Any, ticket: Ticket, andrei: User, marta: User) -> None:
    ticket.solve(by=marta)
    ticket.close(by=marta)
    client, path = way(ticket, andrei)
    assert client.post(f"{path}solution/", _words(client, path, ""))["Location"] == path
    ticket.refresh_from_db()
    assert ticket.status == Status.CLOSED


@WAYS
def test_one_person_writes_sixty_times_an_hour_and_then_keeps_the_words(
    way: Any, ticket: Ticket, andrei: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sportello.portal.pace.BY_ONE_PERSON", 2)
    client, path = way(ticket, andrei)
    answers = [client.post(f"{path}answer/", _words(client, path, f"Words {number}")) for number in range(3)]
    assert [answer.status_code for answer in answers] == [302, 302, 429]
    assert "Words 2" in answers[-1].content.decode()


def test_a_participant_sees_who_sees_it(ticket: Ticket, andrei: User) -> None:
    reception = make_customer("reception@example.com", name="Reception")
    ticket.add_participant(reception, by=andrei)
    client, path = by_session(ticket, reception)
    page = client.get(path).content.decode()
    who = page.partition("Who can see this")[2]
    assert "Andrei Munteanu" in who
    assert "You" in who


def test_colleagues_share_where_their_firm_wants_it(team: Team) -> None:
    organisation = make_organisation("Hotel Carpatica", "hotel.example")
    ticket = make_ticket(team=team, requester=make_customer("andrei@hotel.example"))
    client, path = by_session(ticket, make_customer("ioana@hotel.example"))
    assert client.get(path).status_code == 404
    organisation.shares_requests = True
    organisation.save(update_fields=["shares_requests"])
    assert "Everybody at Hotel Carpatica" in client.get(path).content.decode()


def test_others_and_guests_and_agents_who_do_not_follow_see_nothing(ticket: Ticket, marta: User) -> None:
    for stranger in (make_customer("other@example.com"), marta):
        client, path = by_session(ticket, stranger)
        assert client.get(path).status_code == 404
        assert client.post(f"{path}answer/", {"body": "Let me in"}).status_code == 404
        assert client.post(f"{path}solution/").status_code == 404
    assert Client().get(path)["Location"].startswith("/account/sign-in/?next=")
    assert ticket.messages.count() == 1


@pytest.mark.parametrize("number", ["0", "1", "999999", "99999999999999999999999999"])
def test_a_number_that_is_nobodys_is_not_there(andrei: User, number: str) -> None:
    client = Client()
    client.force_login(andrei)
    assert client.get(f"/requests/{number}/").status_code == 404


def test_b085_by_session_an_answer_needs_its_csrf_token(ticket: Ticket, andrei: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(andrei)
    for act in ("answer", "solution"):
        assert client.post(f"/requests/{ticket.pk}/{act}/", {"body": "Forged"}).status_code == 403


def test_times_are_the_readers(team: Team) -> None:
    at_noon = timezone.now().replace(hour=12, minute=0)
    with time_machine.travel(at_noon, tick=False):
        tokyo = make_customer(time_zone="Asia/Tokyo")
        ticket = make_ticket(team=team, requester=tokyo)
        for way in (by_session, by_link):
            client, path = way(ticket, tokyo)
            assert "21:00" in client.get(path).content.decode()


# by link


def test_pages_by_link_leave_no_trace(ticket: Ticket, andrei: User) -> None:
    client, path = by_link(ticket, andrei)
    for page in (client.get(path), client.post(f"{path}answer/", {"body": ""})):
        assert page["Referrer-Policy"] == "no-referrer"
        assert page["X-Robots-Tag"] == "noindex"
        assert "no-store" in page["Cache-Control"]


def test_b074_a_forged_or_changed_link_is_not_there(ticket: Ticket, andrei: User) -> None:
    token = follow_token(ticket, andrei)
    for wrong in (token[:-1], token + "x", token.swapcase(), "x", "%00", "a" * 5000, token.replace(":", "")):
        assert Client().get(f"/r/{wrong}/").status_code == 404
        assert Client().post(f"/r/{wrong}/answer/", {"body": "x"}).status_code == 404


def test_a_link_of_somebody_who_follows_no_more_is_not_there(ticket: Ticket, andrei: User) -> None:
    reception = make_customer("reception@example.com")
    ticket.add_participant(reception, by=andrei)
    client, path = by_link(ticket, reception)
    assert client.get(path).status_code == 200
    ticket.remove_participant(reception, by=andrei)
    assert client.get(path).status_code == 404
    client, path = by_link(ticket, andrei)
    User.objects.filter(pk=andrei.pk).update(is_active=False)
    assert client.get(path).status_code == 404


def test_an_old_link_shows_nothing_and_a_fresh_one_comes_by_mail(
    ticket: Ticket, andrei: User, letters: list[Letter]
) -> None:
    client, path = by_link(ticket, andrei)
    with time_machine.travel(timezone.now() + timedelta(days=61)):
        old = client.get(path)
        assert old.status_code == 410
        assert old["Referrer-Policy"] == "no-referrer"
        assert "andrei" not in old.content.decode()
        assert ticket.subject not in old.content.decode()
        assert client.post(f"{path}answer/", {"body": "x"}).status_code == 410
        asked = client.post(f"{path}fresh/")
        assert asked.status_code == 200
        assert "andrei" not in asked.content.decode()
        run_jobs()
        assert [letter.address for letter in letters] == ["andrei@example.com"]
        assert client.get(letters[0].link).status_code == 200
    assert ticket.subject not in letters[0].subject + letters[0].text


def test_a_fresh_link_for_a_forged_one_goes_nowhere_and_says_the_same(
    ticket: Ticket, andrei: User, letters: list[Letter]
) -> None:
    real = Client().post(f"/r/{follow_token(ticket, andrei)}/fresh/").content
    forged = Client().post("/r/forged/fresh/").content
    run_jobs()
    assert real == forged
    assert len(letters) == 1


def test_a_link_is_read_in_its_readers_language_or_another_one(team: Team) -> None:
    ioana = make_customer(language="ro")
    client, path = by_link(make_ticket(team=team, requester=ioana), ioana)
    assert '<html lang="ro"' in client.get(path).content.decode()
    assert '<html lang="it"' in client.get(f"{path}?language=it").content.decode()
    assert '<html lang="it"' in client.get(f"{path}?language=xx").content.decode()
    elsewhere, path = by_link(make_ticket(team=team, requester=ioana), ioana)
    assert '<html lang="ro"' in elsewhere.get(f"{path}?language=xx").content.decode()


# what comes with a message


def with_file(ticket: Ticket, by: User, name: str = "led.png", content_type: str = "image/png") -> Attachment:
    words = Words(text="A file.", files=[NewFile(name, b"bytes", content_type)])
    return intake.answer(ticket, words, by=by, channel="portal").attachments.get()


@WAYS
def test_a_picture_is_shown_and_everything_else_is_saved(way: Any, ticket: Ticket, andrei: User) -> None:
    client, path = way(ticket, andrei)
    for name, kind, shown in (
        ("led.png", "image/png", True),
        ("page.html", "text/html", False),
        ("drawing.svg", "image/svg+xml", False),
        ("sheet.pdf", "application/pdf", False),
        ("ünï\u0219.txt", "text/plain", False),
    ):
        file = with_file(ticket, andrei, name, kind)
        answer = client.get(f"{path}files/{file.pk}/{name}")
        assert b"".join(answer.streaming_content) == b"bytes"
        assert answer["Content-Type"] == (kind if shown else "application/octet-stream")
        assert answer["Content-Disposition"].startswith("inline" if shown else "attachment")
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Content-Security-Policy"].startswith("sandbox;")
        assert "no-store" in answer["Cache-Control"]
    assert answer["Content-Disposition"] == "attachment; filename*=utf-8''%C3%BCn%C3%AF%C8%99.txt"


@WAYS
def test_b074_b075_files_of_others_and_of_notes_are_not_there(way: Any, team: Team, andrei: User, marta: User) -> None:
    mine, other = make_ticket(team=team, requester=andrei), make_ticket(team=team)
    note = conversation.note(mine, Words(text="Note", files=[NewFile("secret.txt", b"x")]), by=marta)
    held = conversation.reply(mine, Words(text="Soon", files=[NewFile("soon.txt", b"x")]), by=marta)
    client, path = way(mine, andrei)
    for file in (with_file(other, other.requester), note.attachments.get(), held.attachments.get()):
        assert client.get(f"{path}files/{file.pk}/{file.name}").status_code == 404
    with time_machine.travel(timezone.now() + timedelta(seconds=11)):
        later = client.get(f"{path}files/{held.attachments.get().pk}/x")
        assert b"".join(later.streaming_content) == b"x"


def test_a_link_to_one_request_opens_no_file_of_another(team: Team, andrei: User) -> None:
    one, two = make_ticket(team=team, requester=andrei), make_ticket(team=team, requester=andrei)
    file = with_file(two, andrei)
    client, path = by_link(one, andrei)
    assert client.get(f"{path}files/{file.pk}/led.png").status_code == 404


def test_a_file_that_the_store_has_lost_is_not_there(ticket: Ticket, andrei: User, settings: LazySettings) -> None:
    file = with_file(ticket, andrei)
    client, path = by_session(ticket, andrei)
    settings.SPORTELLO_DATA = settings.SPORTELLO_DATA / "elsewhere"
    assert client.get(f"{path}files/{file.pk}/led.png").status_code == 404


def html_message(ticket: Ticket, by: User) -> Message:
    safe = sanitise('<p onclick="x()">Look</p><img src="https://tracker.example/p.gif"><img src="cid:led">')
    files = [NewFile("led.png", b"picture", "image/png", content_id="led", inline=True)]
    words = Words(text="Look", html=safe.html, remote_images=safe.remote_images, quoted_text="> before", files=files)
    return intake.answer(ticket, words, by=by, channel="email")


@WAYS
def test_html_is_shown_in_a_frame_that_can_do_nothing(way: Any, ticket: Ticket, andrei: User) -> None:
    message = html_message(ticket, andrei)
    client, path = way(ticket, andrei)
    page = client.get(path).content.decode()
    assert f'<iframe src="{path}messages/{message.pk}/" sandbox="allow-same-origin allow-popups' in page
    assert "allow-scripts" not in page
    body = client.get(f"{path}messages/{message.pk}/")
    policy = body["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "sandbox" in policy
    assert "script-src" not in policy
    assert "https:" not in policy
    text = body.content.decode()
    assert ' src="https://tracker.example' not in text
    assert f' src="{path}files/' in text
    assert "onclick" not in text


def test_remote_pictures_come_when_asked(ticket: Ticket, andrei: User) -> None:
    message = html_message(ticket, andrei)
    client, path = by_session(ticket, andrei)
    page = client.get(path).content.decode()
    assert f'href="{path}?images={message.pk}#message-{message.pk}"' in page
    asked = client.get(f"{path}?images={message.pk}").content.decode()
    assert f'src="{path}messages/{message.pk}/?images=1"' in asked
    assert "Show images" not in asked
    body = client.get(f"{path}messages/{message.pk}/?images=1")
    assert ' src="https://tracker.example/p.gif"' in body.content.decode()
    assert "img-src 'self' data: https:" in body["Content-Security-Policy"]


@WAYS
def test_the_html_of_notes_is_not_there(way: Any, ticket: Ticket, andrei: User, marta: User) -> None:
    note = conversation.note(ticket, Words(text="x", html="<p>secret</p>"), by=marta)
    client, path = way(ticket, andrei)
    assert client.get(f"{path}messages/{note.pk}/").status_code == 404


def test_what_was_quoted_is_folded_not_lost(ticket: Ticket, andrei: User) -> None:
    html_message(ticket, andrei)
    client, path = by_session(ticket, andrei)
    page = client.get(path).content.decode()
    assert "&gt; before" in page.partition("<details")[2].partition("</details>")[0]


@WAYS
def test_a_page_of_many_messages_costs_what_one_costs(way: Any, ticket: Ticket, andrei: User, marta: User) -> None:
    client, path = way(ticket, andrei)

    def add_row() -> None:
        with_file(ticket, andrei)
        make_reply(ticket, marta)
        ticket.add_participant(make_customer(), by=andrei)

    assert_constant_queries(lambda: client.get(path), add_row, at_most=9)
