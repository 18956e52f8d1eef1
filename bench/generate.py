"""What does a help desk of some years hold? The same tickets every time, put straight into the tables.

    SPORTELLO_DATA=DIR SPORTELLO_SECRET_KEY=KEY python -m bench.generate 10000

Prints the cookie of a signed-in agent and the numbers of some tickets as JSON.
"""

import json
import os
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice

import django

from bench.words import COMMON, RARE, Writer

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sportello.config.settings")
django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.test import Client  # noqa: E402

from sportello.channels.email.models import Mailbox  # noqa: E402
from sportello.kernel.search import index  # noqa: E402
from sportello.people.models import Address, Team, User  # noqa: E402
from sportello.people.testing import make_administrator, make_agent  # noqa: E402
from sportello.tickets.events import MessageAdded, TicketOpened, status_columns  # noqa: E402
from sportello.tickets.models import Message, Tag, Ticket, TicketTag, TimelineEntry  # noqa: E402
from sportello.tickets.saying import HEADING, MESSAGE  # noqa: E402

NEWEST = datetime(2026, 11, 20, 16, 0, tzinfo=UTC)
SPAN = timedelta(days=730)
TEAMS, AGENTS = 8, 20
RARE_TICKETS = 8
LONG_EVERY, LONG = 500, 10  # every so many tickets one with so many messages
AT_ONCE = 1_000
# of a hundred tickets, ten are on the desk
STATUSES = ["new"] * 3 + ["open"] * 4 + ["waiting"] * 2 + ["on_hold"] + ["solved"] * 30 + ["closed"] * 60
PRIORITIES = [1] * 15 + [2] * 65 + [3] * 15 + [4] * 5
TAGS = ["key", "boiler", "invoice", "lift", "badge", "garden", "window", "access", "parking", "water"]


def people(writer: Writer, number: int) -> tuple[list[Team], list[User], list[User]]:
    teams = Team.objects.bulk_create(Team(name=f"Desk {n + 1}", hue=n % 8 + 1) for n in range(TEAMS))
    Mailbox.objects.bulk_create(Mailbox(address=f"desk{t.pk}@desk.example", name=t.name, team=t) for t in teams)
    make_administrator(address="owner@desk.example")
    agents = [make_agent(*teams, address=f"agent{n}@desk.example", name=f"Agent {n}") for n in range(AGENTS)]
    customers = User.objects.bulk_create(
        User(address=f"person{n}@example.com", name=" ".join(writer.words(2)).title(), password="!")
        for n in range(max(200, number // 5))
    )
    Address.objects.bulk_create(Address(user=user, address=user.address) for user in customers)
    for user in customers:
        index("person", user.pk, container=-user.pk, scope=0, text=f"{user.name} \n{user.address}")
    return teams, agents, customers


class Desk:
    """One ticket after the other, each with its messages and its facts."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.writer = Writer(20)
        self.teams, self.agents, self.customers = people(self.writer, number)
        self.tags = Tag.objects.bulk_create(Tag(name=name) for name in TAGS)
        self.rare = {number * at // RARE_TICKETS + 1 for at in range(RARE_TICKETS)}

    def tickets(self) -> Iterator[tuple[Ticket, list[Message]]]:
        chance = self.writer.chance
        for number in range(1, self.number + 1):
            opened = NEWEST - SPAN * ((self.number - number + 1) / self.number)
            long = number % LONG_EVERY == 0
            messages = LONG if long else 1 + min(9, int(chance.expovariate(1 / 5.3)))
            times = [opened + timedelta(hours=3 * at) for at in range(messages)]
            status = chance.choice(STATUSES)
            ticket = Ticket(
                pk=number,
                subject=self.writer.heading(),
                requester=chance.choice(self.customers),
                team=chance.choice(self.teams),
                assignee=None if status == "new" else chance.choice(self.agents),
                priority=chance.choice(PRIORITIES),
                created_at=opened,
                updated_at=times[-1],
                last_message_at=times[-1],
                last_customer_at=times[-1 if messages % 2 else -2],
                **status_columns(status, times[-1]),
            )
            yield ticket, [self._message(ticket, at, moment) for at, moment in enumerate(times)]

    def _message(self, ticket: Ticket, at: int, moment: datetime) -> Message:
        more = [COMMON] if self.writer.chance.random() < 0.1 else []
        more += [RARE] if at == 0 and ticket.pk in self.rare else []
        incoming = at % 2 == 0
        author = ticket.requester if incoming else ticket.assignee or self.agents[0]
        text = self.writer.text(*more)
        if at == 0:
            ticket.excerpt = " ".join(text[:200].split())[:160]
        return Message(ticket=ticket, author=author, incoming=int(incoming), text=text, created_at=moment)


def facts(ticket: Ticket, messages: list[Message]) -> Iterator[TimelineEntry]:
    beginning = TicketOpened(
        ticket.pk,
        ticket.requester_id,
        subject=ticket.subject,
        requester_id=ticket.requester_id,
        organisation_id=None,
        team_id=ticket.team_id,
        priority=ticket.priority,
        type=ticket.type,
        channel=ticket.channel,
        language=ticket.language,
    )
    told = [(beginning, ticket.created_at)]
    told += [
        (MessageAdded(ticket.pk, m.author_id, m.pk, m.kind, bool(m.incoming), ticket.excerpt), m.created_at)
        for m in messages
    ]
    for fact, at in told:
        yield TimelineEntry(ticket=ticket, kind=fact.kind, data=fact.as_json(), actor_id=fact.actor_id, at=at)


@transaction.atomic
def put(desk: Desk, several: list[tuple[Ticket, list[Message]]]) -> None:
    Ticket.objects.bulk_create(ticket for ticket, _said in several)
    Message.objects.bulk_create(message for _ticket, said in several for message in said)
    TimelineEntry.objects.bulk_create(entry for ticket, said in several for entry in facts(ticket, said))
    TicketTag.objects.bulk_create(
        TicketTag(ticket=ticket, tag=desk.tags[ticket.pk % len(desk.tags)]) for ticket, _ in several if ticket.pk % 2
    )
    for ticket, said in several:
        index(HEADING, ticket.pk, container=ticket.pk, scope=ticket.team_id, text=ticket.subject)
        for message in said:
            index(MESSAGE, message.pk, container=ticket.pk, scope=ticket.team_id, text=message.text)


def fill(number: int) -> dict[str, object]:
    call_command("migrate", verbosity=0)
    with transaction.atomic():
        desk = Desk(number)
    waiting = desk.tickets()
    while several := list(islice(waiting, AT_ONCE)):
        put(desk, several)
    with connection.cursor() as cursor:
        cursor.execute("analyze")
    browser = Client()
    browser.force_login(desk.agents[0])
    return {
        "cookie": f"sessionid={browser.cookies['sessionid'].value}",
        "tickets": Ticket.objects.count(),
        "active": Ticket.objects.active().count(),
        "messages": Message.objects.count(),
        "open": list(Ticket.objects.active().order_by("-id").values_list("pk", flat=True)[:100]),
        "long": (number // LONG_EVERY + 1) // 2 * LONG_EVERY,
    }


if __name__ == "__main__":
    print(json.dumps(fill(int(sys.argv[1]))))
