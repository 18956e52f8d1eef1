"""How does the demo desk come to life? Once, on the first start, by the same verbs that people use."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from sportello.api.tokens import issue_token
from sportello.channels.email.models import Mailbox, OutgoingMail, SinkMail
from sportello.channels.email.sending import send
from sportello.demo import cast
from sportello.demo.story import STORIES, Step, Story
from sportello.kernel.models import Job
from sportello.people.first_run import was_begun
from sportello.people.models import Organisation, Team, User
from sportello.people.models.brand import Brand
from sportello.people.models.team import join_team
from sportello.people.roles import Role
from sportello.tickets import conversation, replay
from sportello.tickets.conversation import Words
from sportello.tickets.intake import NewTicket, open_ticket
from sportello.tickets.models import Message, SavedView, Ticket

PASSWORD = "alba-demo-2026"  # noqa: S105  shown on the first screen of the demo


@dataclass(frozen=True)
class DemoDesk:
    mailbox: str
    logins: list[dict[str, str]]
    token: str

    def as_json(self) -> dict[str, Any]:
        return {"mailbox": self.mailbox, "logins": self.logins, "token": self.token}


def demo_desk() -> DemoDesk | None:
    """The demo's addresses and a fresh token, after loading it into an empty database. None for a real desk."""
    if not was_begun():
        load()
    administrator = _administrator()
    if administrator is None:
        return None
    firsts: dict[str, dict[str, str]] = {}
    for _name, address, role, _teams, _language in cast.STAFF:
        firsts.setdefault(role, {"role": str(role), "address": address, "password": PASSWORD})
    customer = {"role": str(Role.CUSTOMER), "address": cast.CUSTOMERS[0][1], "password": PASSWORD}
    return DemoDesk(cast.MAILBOX, [*firsts.values(), customer], issue_token(administrator, "demo", days=1))


def _administrator() -> User | None:
    return User.objects.at_address(cast.STAFF[0][1])


def is_demo() -> bool:
    """Whether everybody knows how to sign in here."""
    return _administrator() is not None


@transaction.atomic
def load() -> None:
    """Fill an empty database with the firm, its people and its tickets."""
    Brand.put(name=cast.FIRM, tagline=cast.TAGLINE, footer=cast.FOOTER)
    teams = {
        name: Team.objects.create(name=name, hue=hue, topic_hint=hint, topic_icon=symbol)
        for name, hue, hint, symbol in cast.TEAMS
    }
    Mailbox.objects.create(address=cast.MAILBOX, name=cast.FIRM, team=teams["Support"])
    Mailbox.objects.create(address=cast.BILLING_MAILBOX, name=cast.FIRM, team=teams["Billing"])
    for name, address, role, members, language in cast.STAFF:
        person = User.objects.create_user(address, name, PASSWORD, role=role, language=language)
        person.confirm_address(address)
        for team in members:
            join_team(person, teams[team], role)
    owner = User.objects.get(address=cast.STAFF[0][1])
    for name, query, team in cast.VIEWS:
        SavedView.objects.create(name=name, query=query, owner=owner, team=teams[team])
    for name, domain in cast.ORGANISATIONS:
        Organisation.objects.create(name=name).domains.create(domain=domain)
    for number, (name, address, language, zone) in enumerate(cast.CUSTOMERS):
        password = PASSWORD if number == 0 else None
        User.objects.create_user(address, name, password, language=language, time_zone=zone).confirm_address(address)
    jobs = Job.objects.order_by("pk").last()
    for story in sorted(STORIES, key=lambda story: -story.ago):
        _tell(story, teams)
    _settle_mail(after=jobs.pk if jobs else 0)


def _settle_mail(after: int) -> None:
    """What the stories would have sent was sent when it was said, into the sink. What was never to leave never did."""
    Job.objects.filter(pk__gt=after).delete()
    queued = OutgoingMail.objects.filter(state=OutgoingMail.State.QUEUED).select_related("message", "ticket")
    for mail in sorted(queued, key=_said_at):
        send(mail)
        OutgoingMail.objects.filter(pk=mail.pk).update(sent_at=_said_at(mail))
        SinkMail.objects.filter(outgoing=mail).update(at=_said_at(mail))


def _said_at(mail: OutgoingMail) -> datetime:
    if mail.message:
        return mail.message.created_at
    assert mail.ticket is not None  # a story asks for no link to sign in
    solved = mail.purpose == OutgoingMail.Purpose.SOLVED and mail.ticket.solved_at
    return solved or mail.ticket.created_at


def _tell(story: Story, teams: dict[str, Team]) -> None:
    now = timezone.now()
    requester = User.objects.get(address=story.who)
    new = NewTicket(
        subject=story.subject,
        requester=requester,
        team=teams[story.team],
        words=Words(text=story.text, language=requester.language),
        channel=story.channel,
    )
    ticket = open_ticket(new)
    colleague = User.objects.get(address=cast.STAFF[2][1])
    ticket.tag(by=colleague, add=story.tags)
    ticket.prioritise(story.priority, by=colleague)
    _date(ticket, now - timedelta(minutes=story.ago), since=now)
    for step in story.steps:
        began = timezone.now()
        _ACTS[step.kind](ticket, step)
        _date(ticket, now - timedelta(minutes=step.ago), since=began)


def _person(step: Step) -> User:
    found: User = User.objects.get(name__startswith=step.who)
    return found


def _reply(ticket: Ticket, step: Step) -> None:
    conversation.reply(ticket, Words(text=step.text), by=_person(step), then=step.value, undo_seconds=0)


def _note(ticket: Ticket, step: Step) -> None:
    conversation.note(ticket, Words(text=step.text), by=_person(step))


def _answer(ticket: Ticket, step: Step) -> None:
    conversation.receive(ticket, Words(text=step.text), by=ticket.requester, channel=ticket.channel)


def _assign(ticket: Ticket, step: Step) -> None:
    person = _person(step)
    ticket.assign_to(person, by=person)


def _solve(ticket: Ticket, step: Step) -> None:
    ticket.solve(by=_person(step), note=step.text)


_ACTS: dict[str, Callable[[Ticket, Step], None]] = {
    "reply": _reply,
    "note": _note,
    "answer": _answer,
    "assign": _assign,
    "solve": _solve,
}


def _date(ticket: Ticket, at: datetime, *, since: datetime) -> None:
    """Let what was recorded since then have happened at `at`; the ticket follows from its facts."""
    ticket.timeline.filter(at__gte=since).update(at=at)
    Message.objects.filter(ticket=ticket, created_at__gte=since).update(created_at=at)
    columns = {name: value for name, value in replay.fold(ticket.timeline.all()).items() if name not in _ROWS}
    Ticket.objects.filter(pk=ticket.pk).update(**columns)
    ticket.refresh_from_db()


_ROWS = ("tags", "participants")
