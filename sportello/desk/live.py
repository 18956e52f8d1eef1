"""What may this screen hear? One stream a page; every signal is judged by the person's rights when it is sent."""

import time
from collections.abc import AsyncIterator, Callable, Iterable
from datetime import timedelta
from typing import Any, ParamSpec, TypeVar

from asgiref.sync import sync_to_async
from django.contrib.auth import aget_user
from django.db import close_old_connections, connections
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseForbidden, StreamingHttpResponse
from django.utils import timezone

from sportello.kernel.live import HEADERS, MISSED, NoLongerAllowed, Signal, event_stream, the_hub
from sportello.kernel.live import publish as tell
from sportello.kernel.numbers import row_number
from sportello.people.models import SignedInSession, User
from sportello.people.policy import can_use_desk
from sportello.people.roles import Right
from sportello.tickets.models import Presence, Ticket, TicketSeen

FRESH_SECONDS = 15
RENDERING_SECONDS = 5  # what a page may take, and whoever writes meanwhile
LONGEST_AGO = 600  # seconds
MOST_CHANGED = 50  # tickets told one by one
Events = list[tuple[str, Any]]
P = ParamSpec("P")
R = TypeVar("R")


async def stream(request: HttpRequest) -> HttpResponseBase:
    """Server-sent events; `?ticket=7` also says that the person has that ticket open.

    `?since=` is when the page was rendered, in seconds of Unix time: what changed since is told first.
    """
    if not _asks_for_events(request):
        return HttpResponse(status=406)
    user = await aget_user(request)
    if not isinstance(user, User) or not can_use_desk(user):
        return HttpResponseForbidden()
    ticket_id, since = (row_number(request.GET.get(name, "")) for name in ("ticket", "since"))
    listener = Listener(user.pk, request.session.session_key or "", ticket_id, since)
    return StreamingHttpResponse(listener.events(), headers=HEADERS)


def _asks_for_events(request: HttpRequest) -> bool:
    """A picture or a frame in a stranger's mail may name this address too; only a script that listens asks for events.

    Browsers say what a request is for only over TLS.
    """
    wanted = request.headers.get("Sec-Fetch-Dest", "empty")
    return wanted == "empty" and "text/event-stream" in request.headers.get("Accept", "")


async def _ask(question: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """In a thread of the pool, which gives its connection back: thousands of open streams share a few of them."""
    return await sync_to_async(_and_give_back, thread_sensitive=False)(question, *args, **kwargs)


def _and_give_back(question: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    try:
        return question(*args, **kwargs)
    finally:
        close_old_connections()


class Listener:
    """One open screen."""

    def __init__(self, user_id: int, session_key: str, ticket_id: int | None, since: int | None = None) -> None:
        self.user_id, self.session_key, self.ticket_id, self.since = user_id, session_key, ticket_id, since
        self.fresh_until = 0.0

    async def events(self) -> AsyncIterator[bytes]:
        await sync_to_async(connections.close_all)()  # the one that opened the stream, and would keep it as long
        try:
            await _ask(self.look)
            async for chunk in event_stream(the_hub.subscribe(), allowed=self._allowed, before=self._before):
                yield chunk
                if time.monotonic() >= self.fresh_until:
                    await _ask(self.still_here)
        except NoLongerAllowed:
            return
        finally:
            await _ask(self.leave)

    async def _allowed(self, signals: list[Signal]) -> Events:
        return await _ask(self.judge, signals)

    async def _before(self) -> list[Signal]:
        return await _ask(self.happened)

    def happened(self) -> list[Signal]:
        """What changed between the rendering of the page and now. Raises NoLongerAllowed."""
        if self.since is None:
            return []
        age = max(time.time() - self.since, 0) + RENDERING_SECONDS
        if age > LONGEST_AGO:
            return [Signal(MISSED)]
        then = timezone.now() - timedelta(seconds=age)
        numbers = Ticket.objects.visible_to(self._reader()).changed_since(then).numbers(most=MOST_CHANGED + 1)
        if len(numbers) > MOST_CHANGED:
            return [Signal(MISSED)]
        return [Signal("ticket", {"ticket": number}) for number in numbers]

    def judge(self, signals: list[Signal]) -> Events:
        """What of the signals the person may hear now. Raises NoLongerAllowed."""
        user = self._reader()
        if time.monotonic() >= self.fresh_until:
            self.stay()
        if any(signal.topic == MISSED for signal in signals):
            own = [f"{kind}:{self.ticket_id}" for kind in ("ticket", "presence")] if self.ticket_id else []
            return [_news(topic) for topic in [*own, "views"]]
        topics = [*self._ticket_topics(user, signals), *self._own_topics(signals)]
        return [_news(topic) for topic in dict.fromkeys(topics)]

    def _reader(self) -> User:
        signed_in = SignedInSession.objects.of_key(self.session_key).select_related("user").first()
        if signed_in is None or signed_in.user_id != self.user_id or not can_use_desk(signed_in.user):
            raise NoLongerAllowed
        return signed_in.user

    def _ticket_topics(self, user: User, signals: Iterable[Signal]) -> list[str]:
        """Of tickets that the person may see now; the queues too when one of them moved into or out of sight."""
        named: dict[int, set[str]] = {}
        for signal in signals:
            if signal.topic in ("ticket", "presence"):
                named.setdefault(signal.data["ticket"], set()).add(signal.topic)
        visible = Ticket.objects.visible_to(user).in_bulk(list(named))
        topics = [f"{kind}:{pk}" for pk in visible for kind in sorted(named[pk])]
        if self.ticket_id is not None and self.ticket_id in visible and "ticket" in named[self.ticket_id]:
            TicketSeen.mark(self.ticket_id, self.user_id)
        changed = any(topic.startswith("ticket:") for topic in topics) or _concerns(user, signals)
        return topics + (["views"] if changed else [])

    def _own_topics(self, signals: Iterable[Signal]) -> list[str]:
        return [f"bulk:{s.data['job']}" for s in signals if s.topic == "bulk" and s.data["owner"] == self.user_id]

    def look(self) -> None:
        """The person has the ticket before them: it is read, and others see who is there. Raises NoLongerAllowed."""
        visible = Ticket.objects.visible_to(self._reader()).in_bulk([self.ticket_id]) if self.ticket_id else {}
        if self.ticket_id is not None and self.ticket_id in visible:
            TicketSeen.mark(self.ticket_id, self.user_id)
            self.stay()
        else:
            self.ticket_id = None

    def still_here(self) -> None:
        """Nothing happened for a while. Raises NoLongerAllowed when the session ended meanwhile."""
        self._reader()
        self.stay()

    def stay(self) -> None:
        """Keep the presence fresh, without a request of the browser."""
        self.fresh_until = time.monotonic() + FRESH_SECONDS
        if self.ticket_id is not None and Presence.arrive(self.ticket_id, self.user_id):
            tell("presence", ticket=self.ticket_id)

    def leave(self) -> None:
        if self.ticket_id is not None:
            Presence.leave(self.ticket_id, self.user_id)
            tell("presence", ticket=self.ticket_id)


def _concerns(user: User, signals: Iterable[Signal]) -> bool:
    """Whether a ticket moved between teams of which the person sees one."""
    teams = user.teams_with(Right.VIEW)
    moved = (signal.data.get("teams") or () for signal in signals if signal.topic == "ticket")
    return any(teams is None or any(team in teams for team in between) for between in moved)


def _news(topic: str) -> tuple[str, Any]:
    return "message", {"topic": topic}
