"""How does a test come to a request: signed in, or by link? And what does it write there?"""

from typing import Any

import pytest
from django.test import Client

from sportello.people.models import User
from sportello.portal.tests.asking import token_on
from sportello.tickets.links import follow_token
from sportello.tickets.models import Ticket


def by_session(ticket: Ticket, reader: User) -> tuple[Client, str]:
    client = Client()
    client.force_login(reader)
    return client, f"/requests/{ticket.pk}/"


def by_link(ticket: Ticket, reader: User) -> tuple[Client, str]:
    return Client(enforce_csrf_checks=True), f"/r/{follow_token(ticket, reader)}/"


WAYS = pytest.mark.parametrize("way", [by_session, by_link])


def written(client: Client, path: str, body: str, **more: Any) -> dict[str, Any]:
    data = {"body": body, "token": token_on(client, path), **more}
    if "csrftoken" in client.cookies:
        data["csrfmiddlewaretoken"] = client.cookies["csrftoken"].value
    return data
