"""Who stands before the doors, and what lies behind them? One counter with everything that can be named by a number."""

from dataclasses import dataclass, field
from typing import Any

from django.core import signing
from django.utils import timezone

from sportello.api.models import Token
from sportello.api.tokens import issue_token
from sportello.channels.email.models import InboundMail, Mailbox, OutgoingMail, SinkMail
from sportello.kernel.files import keep
from sportello.people.models import OneTimeLink, SignedInSession, User
from sportello.people.models.one_time_link import Purpose
from sportello.people.roles import Role
from sportello.people.testing import (
    PASSWORD,
    make_administrator,
    make_agent,
    make_customer,
    make_organisation,
    make_team,
)
from sportello.tickets import conversation
from sportello.tickets.conversation import Words
from sportello.tickets.files import NewFile
from sportello.tickets.links import follow_token
from sportello.tickets.models import BulkJob, Message, SavedView, Tag
from sportello.tickets.saved_views import take_away
from sportello.tickets.testing import make_reply, make_ticket

MAIL = b"From: a@example.com\r\nTo: desk@counter.example\r\nSubject: Heat\r\n\r\nNo heating.\r\n"


@dataclass
class World:
    people: dict[str, User | None]
    ids: dict[str, Any] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Any:
        return self.ids[name]

    def filled(self, value: Any) -> Any:
        """A value of the tables, with the numbers of this world for the words in braces."""
        return value.format(**self.ids) if isinstance(value, str) and "{" in value else value


def make_world() -> World:
    """The ticket is of the first team, asked by `asker` and answered by `agent`; `elsewhere` is of another team."""
    team, other_team = make_team("First line"), make_team("Billing")
    agent = make_agent(team)
    people: dict[str, User | None] = {
        "anonymous": None,
        "asker": make_customer("asker@example.com", password=PASSWORD),
        "stranger": make_customer("stranger@example.com"),
        "light": make_agent(team, role=Role.LIGHT_AGENT),
        "agent": agent,
        "elsewhere": make_agent(other_team),
        "supervisor": make_agent(team, role=Role.SUPERVISOR),
        "administrator": make_administrator(),
    }
    world = World(people, {"team": team.pk, "other_team": other_team.pk})
    world.ids |= {name: person.pk for name, person in people.items() if person}
    world.ids["back_office"] = make_team("Back office", is_offered=False).pk
    Tag.named("heat")
    world.ids["organisation"] = make_organisation("Hotel", "hotel.example").pk
    world.ids["sharing"] = make_organisation("Spa", "spa.example", shares_requests=True).pk
    world.ids["token"] = _token_of(agent)
    _a_ticket(world, agent)
    _a_mailbox(world)
    _an_account(world)
    return world


def _token_of(person: User) -> int:
    issue_token(person, "backup")
    return Token.objects.visible_to(person).get().pk


def _a_ticket(world: World, agent: User) -> None:
    asker = world.people["asker"]
    assert asker is not None
    ticket = make_ticket(requester=asker, team=agent.memberships.get().team)
    copied = make_customer("copied@example.com")
    ticket.add_participant(copied, by=agent)
    world.ids["copied"] = copied.pk
    file = NewFile("meter.txt", b"42", "text/plain")
    public = conversation.receive(ticket, Words(text="See.", files=[file], raw=keep(MAIL)), by=asker, channel="email")
    note = conversation.note(ticket, Words(text="Odd.", html="<p>Odd.</p>", files=[file], raw=keep(MAIL)), by=agent)
    held = make_reply(ticket, agent, undo_seconds=600)
    sent = make_reply(ticket, agent)
    foreign = make_ticket(requester=asker, team=ticket.team)
    foreign_message = conversation.receive(foreign, Words(text="More.", files=[file]), by=asker, channel="email")
    view = SavedView.objects.create(name="Heat", owner=agent, team=ticket.team, query="status:open")
    job = BulkJob.objects.create(owner=agent, change={"priority": "3"}, ticket_ids=[ticket.pk], total=1)
    world.ids |= {"ticket": ticket.pk, "public": public.pk, "note": note.pk, "held": held.pk, "sent": sent.pk}
    solved = make_ticket(requester=asker, team=ticket.team)
    conversation.solve(solved, by=agent, undo_seconds=600)
    world.ids["solved"] = solved.pk
    world.ids |= {"file": public.attachments.get().pk, "note_file": note.attachments.get().pk}
    world.ids |= {"foreign_message": foreign_message.pk, "foreign_file": foreign_message.attachments.get().pk}
    removed = SavedView.objects.create(name="Cold", owner=agent, query="tag:cold")
    world.ids["removed_view"] = take_away(removed, by=agent)
    world.ids |= {"view": view.pk, "job": job.pk, "link": follow_token(ticket, asker)}
    world.ids["receipt"] = signing.dumps(public.pk, salt="portal.receipt")


def _a_mailbox(world: World) -> None:
    box = Mailbox.objects.create(address="desk@counter.example", name="Counter", team_id=world["team"])
    now, raw = timezone.now(), keep(MAIL)
    columns: dict[str, Any] = {"mailbox": box, "not_before": now, "to": ["asker@example.com"]}
    message = Message.objects.get(pk=world["sent"])
    stuck = OutgoingMail.objects.create(
        purpose="reply",
        ticket_id=world["ticket"],
        message=message,
        msgid="<1@counter.example>",
        state="failed",
        **columns,
    )
    gone = OutgoingMail.objects.create(purpose="account", msgid="<2@counter.example>", state="sent", **columns)
    sunk = SinkMail.objects.create(outgoing=gone, raw=raw, recipients=["asker@example.com"], subject="Heat")
    held = InboundMail.objects.create(
        mailbox=box, raw=raw, source="smtp", source_key="1", arrived_at=now, state="quarantined", reason="Unreadable"
    )
    world.ids |= {"mailbox": box.pk, "stuck": stuck.pk, "sunk": sunk.pk, "inbound": held.pk}


def _an_account(world: World) -> None:
    asker = world.people["asker"]
    assert asker is not None
    spare = asker.add_address("asker.at.home@example.com", verified=True)
    away = SignedInSession.objects.create(user=asker, session_key="elsewhere", last_seen_at=timezone.now())
    world.ids |= {"spare": spare.pk, "session": away.pk}
    for purpose in Purpose:
        address = "new@asker.example" if purpose == Purpose.ADDRESS else asker.address
        world.ids[f"{purpose}_link"] = OneTimeLink.issue(asker, purpose, address)
