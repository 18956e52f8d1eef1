"""What of a stranger's mail and files reaches the screen, and how harmless is it?"""

from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client

from sportello.desk.conftest import browser_of
from sportello.kernel.files import keep
from sportello.kernel.html import sanitise
from sportello.people.models import Team, User
from sportello.people.testing import make_agent, make_team
from sportello.tickets import conversation
from sportello.tickets.conversation import Words
from sportello.tickets.files import NewFile
from sportello.tickets.models import Message, Ticket
from sportello.tickets.testing import make_ticket

PNG = b"\x89PNG\r\n\x1a\n"
RAW = b"From: a@example.com\r\nSubject: Heat\r\n\r\nNo heating.\r\n"


def a_mail(ticket: Ticket, html: str = "", *files: NewFile) -> Message:
    safe = sanitise(html)
    words = Words(text="Look.", html=safe.html, files=files, raw=keep(RAW), remote_images=safe.remote_images)
    return conversation.receive(ticket, words, by=ticket.requester, channel="email")


def streamed(response: Any) -> bytes:
    return b"".join(response.streaming_content)


def test_a_mail_is_a_page_of_its_own_that_runs_nothing(desk: Client, ticket: Ticket) -> None:
    message = a_mail(ticket, "<p>Good <b>morning</b></p>")
    response = desk.get(f"/desk/messages/{message.pk}/body/")
    policy = response["Content-Security-Policy"]
    assert "<b>morning</b>" in response.content.decode()
    assert "default-src 'none'" in policy and "sandbox" in policy and "script-src" not in policy
    assert "allow-scripts" not in policy and "allow-forms" not in policy and "allow-top-navigation" not in policy
    assert response["Referrer-Policy"] == "no-referrer" and "no-store" in response["Cache-Control"]
    assert response["X-Frame-Options"] == "SAMEORIGIN"


def test_remote_images_are_held_back_until_asked_for(desk: Client, ticket: Ticket) -> None:
    message = a_mail(ticket, '<p><img src="https://tracker.example/1.png"></p>')
    page = desk.get(f"/desk/tickets/{ticket.pk}/").content.decode()
    assert "1 remote image held back." in page and f"/desk/messages/{message.pk}/body/?images=1" in page
    held = desk.get(f"/desk/messages/{message.pk}/body/")
    assert ' src="https://tracker.example' not in held.content.decode()
    assert "https:" not in held["Content-Security-Policy"]
    asked = desk.get(f"/desk/messages/{message.pk}/body/?images=1")
    assert "https:" in asked["Content-Security-Policy"]


def test_the_frame_of_a_mail_is_sandboxed(desk: Client, ticket: Ticket) -> None:
    a_mail(ticket, "<table><tr><td>1</td></tr></table>")
    page = desk.get(f"/desk/tickets/{ticket.pk}/").content.decode()
    frame = page.split("<iframe")[1].split(">")[0]
    assert "sandbox=" in frame and "allow-scripts" not in frame


def test_pictures_inside_a_mail_come_from_that_mail_only(desk: Client, ticket: Ticket) -> None:
    logo = NewFile("logo.png", PNG, "image/png", content_id="<logo@mail>", inline=True)
    message = a_mail(ticket, '<p><img src="cid:logo@mail"><img src="cid:other@mail"></p>', logo)
    file = message.attachments.get()
    body = desk.get(f"/desk/messages/{message.pk}/body/").content.decode()
    assert f'src="/desk/files/{file.pk}/' in body and body.count(' src="') == 1
    shown = desk.get(f"/desk/files/{file.pk}/inline")
    assert shown["Content-Type"] == "image/png" and streamed(shown) == PNG
    assert "logo.png" not in desk.get(f"/desk/tickets/{ticket.pk}/").content.decode()


def test_a_picture_is_shown_in_any_case_or_listed(desk: Client, ticket: Ticket) -> None:
    led = NewFile("led.png", PNG, "image/png", content_id="<LED@Mail>", inline=True)
    unused = NewFile("unused.png", PNG, "image/png", content_id="<unused@mail>", inline=True)
    message = a_mail(ticket, '<p><img src="cid:led@mail"></p>', led, unused)
    body = desk.get(f"/desk/messages/{message.pk}/body/").content.decode()
    page = desk.get(f"/desk/tickets/{ticket.pk}/").content.decode()
    assert body.count(' src="/desk/files/') == 1
    assert "<b>unused.png</b>" in page and "led.png" not in page


def test_a_file_that_the_store_has_lost_is_gone(desk: Client, ticket: Ticket, settings: LazySettings) -> None:
    message = a_mail(ticket, "", NewFile("log.txt", b"1", "text/plain"))
    settings.SPORTELLO_DATA = settings.SPORTELLO_DATA / "elsewhere"
    for path in (f"files/{message.attachments.get().pk}/log.txt", f"messages/{message.pk}/source/"):
        answer = desk.get(f"/desk/{path}")
        assert answer.status_code == 410 and "our store has lost it" in answer.content.decode()


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("page.html", "text/html"),
        ("picture.svg", "image/svg+xml"),
        ("page.xhtml", "application/xhtml+xml"),
        ("sheet.pdf", "application/pdf"),
        ("photo.png", "text/html; charset=utf-7"),
    ],
)
def test_what_could_run_is_only_saved(desk: Client, ticket: Ticket, name: str, kind: str) -> None:
    file = a_mail(ticket, "", NewFile(name, b"<script>alert(1)</script>", kind)).attachments.get()
    response = desk.get(f"/desk/files/{file.pk}/{name}")
    assert response["Content-Disposition"].startswith("attachment")
    assert response["Content-Type"] == "application/octet-stream"
    assert response["X-Content-Type-Options"] == "nosniff" and "sandbox" in response["Content-Security-Policy"]
    assert "no-store" in response["Cache-Control"]
    streamed(response)


@pytest.mark.parametrize("name", ["Größe.txt", 'a"b.txt', "a\r\nX-Evil: 1.txt", "年次.txt", "-rf.txt"])
def test_any_name_makes_a_sound_header(desk: Client, ticket: Ticket, name: str) -> None:
    file = a_mail(ticket, "", NewFile(name, b"1", "text/plain")).attachments.get()
    response = desk.get(f"/desk/files/{file.pk}/x")
    assert "\n" not in response["Content-Disposition"] and "X-Evil" not in response
    streamed(response)


def test_files_are_listed_with_their_size(desk: Client, ticket: Ticket) -> None:
    a_mail(ticket, "", NewFile("log.txt", b"x" * 86_016, "text/plain"))
    page = desk.get(f"/desk/tickets/{ticket.pk}/").content.decode()
    assert "<b>log.txt</b>" in page and "84 KB" in page


def test_the_mail_as_it_arrived_is_kept_byte_for_byte(desk: Client, ticket: Ticket) -> None:
    response = desk.get(f"/desk/messages/{a_mail(ticket).pk}/source/")
    assert streamed(response) == RAW and response["Content-Disposition"].startswith("attachment")


def test_what_was_typed_has_no_source(desk: Client, agent: User, ticket: Ticket) -> None:
    note = conversation.note(ticket, Words(text="Odd."), by=agent)
    assert desk.get(f"/desk/messages/{note.pk}/source/").status_code == 404


def test_nothing_of_it_is_there_for_another_team(ticket: Ticket) -> None:
    message = a_mail(ticket, "<p>Secret</p>", NewFile("log.txt", b"1", "text/plain"))
    elsewhere = browser_of(make_agent(make_team()))
    file = message.attachments.get()
    paths = [f"messages/{message.pk}/body/", f"messages/{message.pk}/source/", f"files/{file.pk}/log.txt"]
    assert [elsewhere.get(f"/desk/{path}").status_code for path in paths] == [404, 404, 404]


def test_guests_get_nothing(client: Client, ticket: Ticket) -> None:
    file = a_mail(ticket, "", NewFile("log.txt", b"1", "text/plain")).attachments.get()
    assert client.get(f"/desk/files/{file.pk}/log.txt").status_code == 302


def test_a_file_moves_with_its_ticket(desk: Client, agent: User, ticket: Ticket, team: Team) -> None:
    foreign = make_ticket()
    file = a_mail(foreign, "", NewFile("log.txt", b"1", "text/plain")).attachments.get()
    assert desk.get(f"/desk/files/{file.pk}/log.txt").status_code == 404
    foreign.move_to(team, by=agent)
    assert streamed(desk.get(f"/desk/files/{file.pk}/log.txt")) == b"1"
