"""What do the tests of asking share? A form as a person fills it in, a while after it was opened."""

import re
from datetime import timedelta
from typing import Any

import time_machine
from django.test import Client
from django.utils import timezone

from sportello.people.models import Team
from sportello.tickets.models import Ticket

NEW = "/requests/new/"
A_WHILE = timedelta(seconds=20)


def token_on(client: Client, path: str = NEW) -> str:
    """The token of the form on that page."""
    page = client.get(path).content.decode()
    return str(re.findall(r'name="token" value="([^"]+)"', page)[0])


def filled(team: Team, **changes: Any) -> dict[str, Any]:
    return {
        "name": "Andrei Munteanu",
        "address": "andrei@example.com",
        "subject": "Thermostats offline",
        "topic": str(team.pk),
        "impact": "many",
        "body": "Fourteen rooms have no heating.",
        "website": "",
        **changes,
    }


def ask(client: Client, team: Team, **changes: Any) -> Any:
    """Open the form, take some time, send it."""
    data = filled(team, **changes)
    data.setdefault("token", token_on(client))
    with time_machine.travel(timezone.now() + A_WHILE):
        return client.post(NEW, data)


def reasons_of(ticket: Ticket) -> set[str]:
    return {reason["code"] for reason in ticket.messages.get().reasons}


def tags_of(ticket: Ticket) -> list[str]:
    return [tag.name for tag in ticket.tags.all()]
