"""Do files and HTML come to those who may have them, and do nothing there?"""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.conf import LazySettings
from django.utils import timezone

from sportello.kernel.html import sanitise
from sportello.people.models import Team, User
from sportello.people.testing import make_customer
from sportello.portal.tests.ways import WAYS, by_link, by_session
from sportello.tickets import conversation, intake
from sportello.tickets.conversation import Words
from sportello.tickets.files import NewFile
from sportello.tickets.models import Attachment, Message, Ticket
from sportello.tickets.testing import make_reply, make_ticket
from tests.queries import assert_constant_queries

pytestmark = pytest.mark.django_db


PNG = b"\x89PNG\r\n\x1a\n and so on"


def with_file(ticket: Ticket, by: User, name: str = "led.png", content_type: str = "image/png") -> Attachment:
    words = Words(text="A file.", files=[NewFile(name, PNG, content_type)])
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
        assert b"".join(answer.streaming_content) == PNG
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


@WAYS
def test_a_file_that_the_store_has_lost_is_gone(way: Any, ticket: Ticket, andrei: User, settings: LazySettings) -> None:
    file = with_file(ticket, andrei)
    client, path = way(ticket, andrei)
    settings.SPORTELLO_DATA = settings.SPORTELLO_DATA / "elsewhere"
    answer = client.get(f"{path}files/{file.pk}/led.png")
    assert answer.status_code == 410 and "our store has lost it" in answer.content.decode()


@WAYS
def test_a_picture_is_shown_in_place_in_any_case_or_by_its_name_and_else_is_listed(
    way: Any, ticket: Ticket, andrei: User
) -> None:
    files = [
        NewFile("led.png", b"1", "image/png", content_id="<LED@Mail>", inline=True),
        NewFile("Logo.PNG", b"2", "image/png", inline=True),
        NewFile("unused.png", b"3", "image/png", content_id="<unused@mail>", inline=True),
        NewFile("plan.tiff", b"4", "image/tiff", content_id="<plan@mail>", inline=True),
    ]
    html = '<img src="cid:led@mail"><img src="logo.png"><img src="cid:plan@mail">'
    words = Words(text="Look", html=sanitise(html).html, files=files)
    message = intake.answer(ticket, words, by=andrei, channel="email")
    client, path = way(ticket, andrei)
    led, logo, unused, plan = message.attachments.all()
    body = client.get(f"{path}messages/{message.pk}/").content.decode()
    page = client.get(path).content.decode()
    for file in (led, logo):
        assert f'src="{path}files/{file.pk}/' in body and f"files/{file.pk}/" not in page
    for file in (unused, plan):
        assert f"files/{file.pk}/" not in body and f"{path}files/{file.pk}/" in page


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
