"""What does an open screen hear, and what does it not?"""

import asyncio
import time
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.contrib.sessions.models import Session
from django.db import connections
from django.test import AsyncClient, Client
from django.utils import timezone

from sportello.desk import live
from sportello.desk.live import Listener
from sportello.kernel.live import MISSED, Hub, NoLongerAllowed, Signal
from sportello.people.models import SignedInSession, Team, User
from sportello.people.roles import Role
from sportello.people.testing import make_agent, make_customer, make_team
from sportello.tickets.models import Presence, Ticket, TicketSeen
from sportello.tickets.testing import make_ticket

pytestmark = pytest.mark.django_db

LISTENING = {"Accept": "text/event-stream"}


@pytest.fixture
def ticket(team: Team) -> Ticket:
    return make_ticket(team=team)


def listener_of(user: User, ticket_id: int | None = None) -> Listener:
    key = f"key-{user.pk}"
    SignedInSession.objects.get_or_create(user=user, session_key=key)
    return Listener(user.pk, key, ticket_id)


def heard(listener: Listener, *signals: Signal) -> list[str]:
    return [data["topic"] for _name, data in listener.judge(list(signals))]


def changed(ticket_id: int, *teams: Team) -> Signal:
    return Signal("ticket", {"ticket": ticket_id, "teams": [team.pk for team in teams]})


def test_a_change_is_told_with_its_queues(agent: User, ticket: Ticket, team: Team) -> None:
    assert heard(listener_of(agent), changed(ticket.pk, team)) == [f"ticket:{ticket.pk}", "views"]


def test_tickets_out_of_sight_are_not_told(agent: User) -> None:
    hidden = make_ticket()
    assert heard(listener_of(agent), changed(hidden.pk, hidden.team), Signal("presence", {"ticket": hidden.pk})) == []


def test_a_ticket_that_left_ones_sight_moves_the_queues_only(agent: User, ticket: Ticket, team: Team) -> None:
    billing = make_team("Billing")
    ticket.move_to(billing, by=agent)
    assert heard(listener_of(agent), changed(ticket.pk, team, billing)) == ["views"]


def test_who_lost_the_team_hears_nothing_more(agent: User, ticket: Ticket, team: Team) -> None:
    listener = listener_of(agent)
    assert heard(listener, changed(ticket.pk, team))
    agent.memberships.all().delete()
    assert heard(listener, changed(ticket.pk, team)) == []


def test_a_session_that_was_ended_ends_the_stream(agent: User, ticket: Ticket, team: Team) -> None:
    listener = listener_of(agent)
    SignedInSession.objects.get().end()
    with pytest.raises(NoLongerAllowed):
        listener.judge([changed(ticket.pk, team)])


@pytest.mark.parametrize("change", [{"is_active": False}, {"role": Role.CUSTOMER}])
def test_whoever_left_the_desk_hears_nothing(agent: User, ticket: Ticket, team: Team, change: dict[str, Any]) -> None:
    listener = listener_of(agent)
    User.objects.filter(pk=agent.pk).update(**change)
    with pytest.raises(NoLongerAllowed):
        listener.judge([changed(ticket.pk, team)])


def test_a_session_of_somebody_else_is_no_ticket_in(agent: User, team: Team) -> None:
    other = listener_of(make_agent(team))
    with pytest.raises(NoLongerAllowed):
        Listener(agent.pk, other.session_key, None).judge([])


def test_a_bulk_job_is_told_to_its_owner(agent: User, team: Team) -> None:
    signal = Signal("bulk", {"job": 3, "owner": agent.pk})
    assert heard(listener_of(agent), signal) == ["bulk:3"]
    assert heard(listener_of(make_agent(team)), signal) == []


def test_after_a_gap_everything_is_looked_at_again(agent: User, ticket: Ticket) -> None:
    listener = listener_of(agent, ticket.pk)
    assert heard(listener, Signal(MISSED)) == [f"ticket:{ticket.pk}", f"presence:{ticket.pk}", "views"]


def before(agent: User, *, since: float | None) -> list[Signal]:
    listener = listener_of(agent)
    listener.since = int(since) if since is not None else None
    return listener.happened()


def test_what_changed_before_the_stream_opened_is_told_first(agent: User, ticket: Ticket) -> None:
    make_ticket()  # another team's
    rendered = time.time()
    assert before(agent, since=rendered) == [Signal("ticket", {"ticket": ticket.pk})]
    assert before(agent, since=None) == []
    Ticket.objects.update(updated_at=timezone.now() - timedelta(seconds=30))
    assert before(agent, since=rendered) == []
    assert before(agent, since=rendered + 9999) == []
    assert before(agent, since=rendered - 40) == [Signal("ticket", {"ticket": ticket.pk})]


def test_a_page_that_stood_still_for_long_or_missed_much_looks_at_everything(agent: User, team: Team) -> None:
    assert before(agent, since=time.time() - 3600) == [Signal(MISSED)]
    assert before(agent, since=10**18 - 1) == []
    for _ in range(51):
        make_ticket(team=team)
    assert before(agent, since=time.time()) == [Signal(MISSED)]


def test_opening_a_ticket_marks_it_seen_and_shows_who_is_there(agent: User, ticket: Ticket) -> None:
    listener = listener_of(agent, ticket.pk)
    listener.look()
    assert TicketSeen.objects.get().user == agent and Presence.objects.get().user == agent
    listener.leave()
    assert not Presence.objects.exists()


def test_nobody_is_seen_at_a_ticket_that_they_may_not_see(agent: User) -> None:
    listener = listener_of(agent, make_ticket().pk)
    listener.look()
    listener.leave()
    assert not Presence.objects.exists() and not TicketSeen.objects.exists()


def test_what_comes_while_one_looks_is_seen(agent: User, ticket: Ticket, team: Team) -> None:
    listener = listener_of(agent, ticket.pk)
    listener.look()
    before = TicketSeen.objects.get().at
    heard(listener, changed(ticket.pk, team))
    assert TicketSeen.objects.get().at > before


def test_a_busy_stream_keeps_the_presence_fresh(agent: User, ticket: Ticket) -> None:
    listener = listener_of(agent, ticket.pk)
    listener.look()
    Presence.objects.all().delete()
    listener.fresh_until = 0
    heard(listener, Signal("views"))
    assert Presence.objects.exists()


@pytest.mark.parametrize(
    "headers",
    [
        {"Accept": "image/avif,image/webp,*/*;q=0.8"},
        {"Accept": "text/html"},
        LISTENING | {"Sec-Fetch-Dest": "image"},
        {},
    ],
)
def test_a_picture_that_names_the_stream_has_looked_at_nothing(
    client: Client, agent: User, ticket: Ticket, headers: dict[str, str]
) -> None:
    client.force_login(agent)
    assert client.get(f"/desk/live/?ticket={ticket.pk}", headers=headers).status_code == 406
    assert not TicketSeen.objects.exists()


@pytest.mark.parametrize("query", ["", "?ticket=", "?ticket=x", "?ticket=" + "9" * 40, "?ticket=%C2%B2"])
def test_guests_and_customers_hear_nothing(client: Client, query: str) -> None:
    assert client.get(f"/desk/live/{query}", headers=LISTENING).status_code == 403
    client.force_login(make_customer())
    assert client.get(f"/desk/live/{query}", headers=LISTENING).status_code == 403


@pytest.mark.django_db(transaction=True)
def test_the_stream_opens_tells_and_closes(agent: User, ticket: Ticket, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = Client()
    browser.force_login(agent)
    session = Session.objects.get()
    SignedInSession.objects.create(user=agent, session_key=session.session_key)
    hub = Hub()  # that of the process listens for good
    monkeypatch.setattr(live, "the_hub", hub)
    hub.start()
    assert hub.wait_until_listening(10)

    async def listen() -> bytes:
        client = AsyncClient()
        client.cookies = browser.cookies
        response: Any = await client.get(f"/desk/live/?ticket={ticket.pk}", headers=LISTENING)
        assert response.status_code == 200 and response["Content-Type"] == "text/event-stream"
        chunks: AsyncIterator[bytes] = aiter(response)
        first = await anext(chunks)
        assert first.startswith(b"retry:")
        while b"ticket:" not in (told := await asyncio.wait_for(anext(chunks), 10)):
            pass
        await chunks.aclose()  # type: ignore[attr-defined]  # it is a generator
        return told

    async def both() -> bytes:
        hearing = asyncio.create_task(listen())
        while not hearing.done():
            await sync_to_async(ticket.tag)(by=agent, add=[f"tag-{asyncio.get_running_loop().time()}"])
            await asyncio.sleep(0.3)
        await sync_to_async(connections.close_all)()
        return await hearing

    told = asyncio.run(both())
    hub.stop()
    assert hub.wait_until_stopped(10)
    assert f'{{"topic":"ticket:{ticket.pk}"}}'.encode() in told
    assert TicketSeen.objects.filter(user=agent, ticket=ticket).exists()
    assert not Presence.objects.exists()
