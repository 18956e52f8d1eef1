"""Does the filter bar show what narrows the list, and the list say only what is so?"""

import re
from datetime import timedelta

from django.test import Client
from django.utils import timezone

from sportello.people.models import Team, User
from sportello.tickets.models import SavedView, Tag, Ticket
from sportello.tickets.testing import make_ticket

CHIP = re.compile(r'<span class="filter-chip( filter-chip--fixed)?"[^>]*>(?:<b>([^<]*):</b>)?<span>([^<]*)</span>')


def chips(page: str) -> list[tuple[bool, str, str]]:
    return [(bool(fixed), name, values) for fixed, name, values in CHIP.findall(page)]


def test_what_is_typed_becomes_a_chip_for_each_condition_and_words_stay_in_the_field(desk: Client, team: Team) -> None:
    Tag.named("internal")
    make_ticket(team=team, text="It is cold.")
    page = desk.get("/desk/queue/all/", {"q": "status:new,open -tag:internal cold"}).content.decode()
    assert chips(page) == [(False, "status", "new, open"), (False, "-tag", "internal")]
    assert '<input type="hidden" name="q" value="status:new,open -tag:internal">' in page
    assert '<input type="search" name="q" value="cold"' in page
    assert 'href="?q=-tag%3Ainternal+cold" aria-label="Remove status"' in page


def test_chips_and_words_are_one_question(desk: Client, team: Team) -> None:
    tagged, plain = make_ticket(team=team, text="It is cold."), make_ticket(team=team, text="It is cold.")
    tagged.tag(by=tagged.requester, add=["valve"])
    page = desk.get("/desk/queue/all/", {"q": ["tag:valve", "cold"]}).content.decode()
    assert f'id="ticket-{tagged.pk}"' in page and f'id="ticket-{plain.pk}"' not in page
    assert ">1 ticket</span>" in page


def test_what_a_view_asks_stands_there_for_good(desk: Client, agent: User, team: Team) -> None:
    Tag.named("valve")
    view = SavedView.objects.create(name="Valves", query="tag:valve status:active", owner=agent)
    assert chips(desk.get(f"/desk/queue/saved-{view.pk}/").content.decode()) == [
        (True, "tag", "valve"),
        (True, "status", "active"),
    ]
    for key, fixed in [
        ("mine", ("assignee", "me")),
        ("unassigned", ("assignee", "none")),
        (f"team-{team.pk}", ("team", "Technical")),
    ]:
        assert chips(desk.get(f"/desk/queue/{key}/").content.decode()) == [(True, *fixed)], key


def test_a_view_is_saved_with_what_narrowed_the_one_it_came_from(desk: Client) -> None:
    Tag.named("valve")
    page = desk.get("/desk/queue/unassigned/", {"q": "tag:valve"}).content.decode()
    assert "?query=assignee%3Anone%20tag%3Avalve&amp;sort=urgency" in page


def test_a_condition_that_makes_no_sense_is_named_under_the_bar_and_the_list_stays(desk: Client, team: Team) -> None:
    tagged, plain = make_ticket(team=team), make_ticket(team=team)
    tagged.tag(by=tagged.requester, add=["valve"])
    page = desk.get("/desk/queue/all/", {"q": "tag:valve status:xyz"}).content.decode()
    told = page.partition('id="filter-problem"')[2].partition("</p>")[0]
    assert "xyz is not a known status." in told
    assert f'id="ticket-{tagged.pk}"' in page and f'id="ticket-{plain.pk}"' not in page
    assert ">1 ticket</span>" in page and 'class="notice"' not in page
    assert '<input type="search" name="q" value="status:xyz"' in page and 'aria-invalid="true"' in page
    assert chips(page) == [(False, "tag", "valve")]


def test_the_beginning_of_a_status_is_enough(desk: Client, agent: User, team: Team) -> None:
    waiting, new = make_ticket(team=team), make_ticket(team=team)
    waiting.wait(by=agent)
    for typed in ("status:wai", 'status:"Waiting for customer"'):
        page = desk.get("/desk/queue/all/", {"q": typed}).content.decode()
        assert f'id="ticket-{waiting.pk}"' in page and f'id="ticket-{new.pk}"' not in page
        assert chips(page) == [(False, "status", "waiting")]


def test_a_row_tells_when_something_was_last_said(desk: Client, agent: User, team: Team) -> None:
    ticket = make_ticket(team=team)
    Ticket.objects.filter(pk=ticket.pk).update(last_message_at=timezone.now() - timedelta(hours=3))
    ticket.tag(by=agent, add=["valve"])
    row = re.compile(r'<time class="ticket-row__time"[^>]*>([^<]*)</time>')
    assert row.findall(desk.get("/desk/queue/all/").content.decode()) == ["3h"]
    assert row.findall(desk.get("/desk/queue/recent/").content.decode()) == ["now"]
