"""What may this screen hear? One stream a page; every signal is judged by the person's rights when it is sent."""

from collections.abc import AsyncIterator, Iterable
from typing import Any

from asgiref.sync import sync_to_async
from django.contrib.auth import aget_user
from django.http import HttpRequest, HttpResponseBase, HttpResponseForbidden, StreamingHttpResponse

from sportello.kernel.live import HEADERS, MISSED, NoLongerAllowed, Signal, event_stream, the_hub
from sportello.kernel.live import publish as tell
from sportello.people.models import SignedInSession, User
from sportello.people.policy import can_use_desk
from sportello.tickets.models import Presence, Ticket, TicketSeen

Events = list[tuple[str, Any]]


async def stream(request: HttpRequest) -> HttpResponseBase:
    """Server-sent events; `?ticket=7` also says that the person has that ticket open."""
    user = await aget_user(request)
    if not isinstance(user, User) or not can_use_desk(user):
        return HttpResponseForbidden()
    listener = Listener(user.pk, request.session.session_key or "", _number(request.GET.get("ticket", "")))
    return StreamingHttpResponse(listener.events(), headers=HEADERS)


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 18 else None


class Listener:
    """One open screen."""

    def __init__(self, user_id: int, session_key: str, ticket_id: int | None) -> None:
        self.user_id, self.session_key, self.ticket_id = user_id, session_key, ticket_id

    async def events(self) -> AsyncIterator[bytes]:
        await sync_to_async(self._look)()
        try:
            async for chunk in event_stream(the_hub.subscribe(), allowed=self._allowed):
                yield chunk
                if chunk.startswith(b":"):  # the heartbeat keeps the presence fresh
                    await sync_to_async(self._look)()
        finally:
            await sync_to_async(self._leave)()

    async def _allowed(self, signals: list[Signal]) -> Events:
        return await sync_to_async(self._judge)(signals)

    def _judge(self, signals: list[Signal]) -> Events:
        user = User.objects.filter(pk=self.user_id, is_active=True).first()
        signed_in = SignedInSession.objects.filter(session_key=self.session_key, user_id=self.user_id).exists()
        if user is None or not signed_in or not can_use_desk(user):
            raise NoLongerAllowed
        if any(signal.topic == MISSED for signal in signals):
            return [_news("views")]
        topics = [*self._ticket_topics(user, signals), *self._own_topics(signals)]
        return [_news(topic) for topic in dict.fromkeys(topics)]

    def _ticket_topics(self, user: User, signals: Iterable[Signal]) -> list[str]:
        """Only of tickets that the person may see now."""
        named: dict[int, set[str]] = {}
        for signal in signals:
            if signal.topic in ("ticket", "presence"):
                named.setdefault(signal.data["ticket"], set()).add(signal.topic)
        visible = Ticket.objects.visible_to(user).filter(pk__in=list(named)).values_list("pk", flat=True)
        topics = [f"{kind}:{pk}" for pk in visible for kind in sorted(named[pk])]
        if self.ticket_id in named and "ticket" in named[self.ticket_id]:
            self._look()
        return topics + (["views"] if any(topic.startswith("ticket:") for topic in topics) else [])

    def _own_topics(self, signals: Iterable[Signal]) -> list[str]:
        return [f"bulk:{s.data['job']}" for s in signals if s.topic == "bulk" and s.data["owner"] == self.user_id]

    def _look(self) -> None:
        """The person has the ticket before them: others see it, and it is read."""
        if self.ticket_id is None:
            return
        user = User.objects.filter(pk=self.user_id).first()
        if user is None or not Ticket.objects.visible_to(user).filter(pk=self.ticket_id).exists():
            return
        TicketSeen.mark(self.ticket_id, self.user_id)
        if Presence.arrive(self.ticket_id, self.user_id):
            tell("presence", ticket=self.ticket_id)

    def _leave(self) -> None:
        if self.ticket_id is not None:
            Presence.leave(self.ticket_id, self.user_id)
            tell("presence", ticket=self.ticket_id)


def _news(topic: str) -> tuple[str, Any]:
    return "message", {"topic": topic}
