"""How does the start page greet?"""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.test import Client

from sportello.people.models.brand import Brand

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("hour", "words"),
    [
        (0, "Good evening."),
        (4, "Good evening."),
        (5, "Good morning."),
        (11, "Good morning."),
        (12, "Good afternoon."),
        (18, "Good evening."),
        (23, "Good evening."),
    ],
)
def test_the_start_page_greets_by_the_hour(client: Client, hour: int, words: str) -> None:
    now = datetime(2026, 11, 30, hour, 11, tzinfo=ZoneInfo(Brand.current().time_zone))
    with time_machine.travel(now, tick=False):
        assert words in client.get("/").content.decode()
