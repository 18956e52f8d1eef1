"""Which tickets, messages, files? Rows on behalf of someone come only from `visible_to` and `followed_by`."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from django.db import connections
from django.db.models import F, Prefetch, Q, QuerySet
from django.utils import timezone

from sportello.people.models import User
from sportello.people.roles import Right
from sportello.tickets.words import MessageKind, Status

if TYPE_CHECKING:
    from sportello.tickets.models import (  # noqa: F401  named in bases
        Attachment,
        Message,
        Presence,
        SavedView,
        Submission,
        Ticket,
    )


class TicketQuerySet(QuerySet["Ticket"]):
    def visible_to(self, user: User) -> Self:
        """At the desk: the tickets of the person's teams. For a customer: what they follow."""
        if not user.is_active:
            return self.none()
        if not user.is_staff:
            return self.followed_by(user)
        teams = user.teams_with(Right.VIEW)
        return self if teams is None else self.in_teams(teams)

    def in_teams(self, team_ids: Collection[int]) -> Self:
        """The plain column would tempt SQLite, which knows no numbers of rows, to collect all of them and sort."""
        if connections[self.db].vendor == "sqlite":
            return self.alias(its_team=F("team_id") + 0).filter(its_team__in=team_ids)
        return self.filter(team_id__in=team_ids)

    def followed_by(self, user: User) -> Self:
        """In the portal: requested by the person, shared with them by copy, or by their organisation's wish."""
        from sportello.tickets.models import Participant

        if not user.is_active:
            return self.none()
        asked: QuerySet[Any, Any] = self.model.objects.filter(requester=user).values("pk")
        sources: list[QuerySet[Any, Any]] = [Participant.objects.filter(user=user).values("ticket_id")]
        if user.organisation_id and user.organisation and user.organisation.shares_requests:
            sources.append(self.model.objects.filter(organisation_id=user.organisation_id).values("pk"))
        # a union, since no index serves "mine, or I take part"
        return self.filter(pk__in=asked.union(*sources, all=True))

    def teams_of(self, numbers: Collection[int]) -> set[int]:
        """The ids of the teams that have these tickets, as far as they are among them."""
        return set(self.filter(pk__in=numbers).order_by().values_list("team_id", flat=True).distinct())

    def active(self) -> Self:
        return self.filter(active=1)

    def unassigned(self) -> Self:
        return self.filter(assignee=None)

    def requested_by(self, user: User) -> Self:
        return self.filter(requester=user)

    def past_follow_up_window(self, at: datetime) -> Self:
        """Solved so long ago that they close; the window is each team's own."""
        from sportello.people.models import Team
        from sportello.tickets.models.progress import closes_before

        late = Q(pk__in=[])
        for team in Team.objects.only("follow_up_days"):
            late |= Q(team_id=team.pk, solved_at__lt=closes_before(team, at))
        return self.filter(late, status=Status.SOLVED)

    def changed_since(self, at: datetime) -> Self:
        return self.filter(updated_at__gte=at)

    def numbers(self, *, most: int) -> list[int]:
        return list(self.order_by("id").values_list("pk", flat=True)[:most])

    def recently_updated(self) -> Self:
        return self.order_by("-updated_at", "-id")

    def with_people(self) -> Self:
        return self.select_related("requester", "organisation", "team", "assignee")

    def solved(self) -> Self:
        """Done for now or for good."""
        return self.filter(active=0)

    def but(self, ticket: "Ticket") -> Self:
        return self.exclude(pk=ticket.pk)

    def newest_first(self) -> Self:
        return self.order_by("-id")

    def for_list(self) -> "list[Ticket]":
        """With what a row of the queue shows, people without what no row shows. Two queries."""
        from sportello.tickets.models import TicketTag

        people = [f"{who}__{column}" for who in ("requester", "assignee") for column in ("password", "look", "note")]
        rows = list(self.select_related("requester", "organisation", "assignee").defer(*people))
        tags = TicketTag.objects.filter(ticket__in=[ticket.pk for ticket in rows]).order_by("tag__name")
        names = defaultdict(list)
        for ticket_id, name in tags.values_list("ticket_id", "tag__name"):
            names[ticket_id].append(name)
        for ticket in rows:
            vars(ticket)["tag_names"] = names[ticket.pk]
        return rows


class MessageQuerySet(QuerySet["Message"]):
    def visible_to(self, user: User) -> Self:
        """At the desk everything of the person's teams; for a customer the public side of what they follow."""
        from sportello.tickets.models import Ticket

        if user.is_active and user.is_staff:
            teams = user.teams_with(Right.VIEW)
            return self if teams is None else self.filter(ticket__team_id__in=teams)
        return self.filter(ticket__in=Ticket.objects.followed_by(user)).for_customers()

    def for_customers(self, at: datetime | None = None) -> Self:
        """Public, not taken back, and past the moment in which it can be taken back."""
        at = at or timezone.now()
        released = Q(held_until=None) | Q(held_until__lte=at)
        return self.filter(released, kind=MessageKind.PUBLIC, withdrawn_at=None)

    def of_ticket(self, ticket: "Ticket") -> Self:
        return self.filter(ticket=ticket)

    def newest(self, count: int) -> "list[Message]":
        """The last so many, oldest first, with what a thread shows."""
        return list(reversed(self.for_thread().order_by("-id")[:count]))

    def for_thread(self) -> Self:
        from sportello.tickets.models import Attachment

        files = Prefetch("attachments", Attachment.objects.order_by("id"))
        return self.select_related("author").prefetch_related(files).order_by("id")


class AttachmentQuerySet(QuerySet["Attachment"]):
    def visible_to(self, user: User) -> Self:
        from sportello.tickets.models import Message

        return self.filter(message__in=Message.objects.visible_to(user))

    def followed_by(self, user: User) -> Self:
        """Files that the person may fetch as a customer."""
        from sportello.tickets.models import Message, Ticket

        return self.filter(
            message__in=Message.objects.for_customers().filter(ticket__in=Ticket.objects.followed_by(user))
        )

    def of_ticket(self, ticket: "Ticket") -> Self:
        return self.filter(message__ticket=ticket)


class PresenceQuerySet(QuerySet["Presence"]):
    def over(self) -> Self:
        return self.filter(until__lt=timezone.now())


class SavedViewQuerySet(QuerySet["SavedView"]):
    def twin_of(self, view: "SavedView") -> "SavedView | None":
        """An older one of the same owner that asks the same under the same name for the same team."""
        same = {name: getattr(view, name) for name in ("owner", "name", "query", "sort", "team")}
        return self.filter(**same, pk__lt=view.pk).first()

    def visible_to(self, user: User) -> Self:
        teams = user.teams_with(Right.VIEW)
        shared = Q(team__isnull=False) if teams is None else Q(team_id__in=teams)
        return self.filter(Q(owner=user) | shared)


class SubmissionQuerySet(QuerySet["Submission"]):
    def of_token(self, token: str) -> Self:
        """What was sent under one form's token."""
        from sportello.tickets.models.submission import digest

        return self.filter(token_hash=digest([token]))

    def with_other_content(self, content: str) -> Self:
        return self.exclude(content_hash=content)

    def older_than(self, at: datetime) -> Self:
        return self.filter(created_at__lt=at)
