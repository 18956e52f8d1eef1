"""Which values do the settings of a team take?"""

import pytest
from django.test import Client

from sportello.people.models import Team
from sportello.people.testing import make_administrator, make_team

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("name", "value", "taken"),
    [
        ("follow_up_days", 0, True),
        ("follow_up_days", 3650, True),
        ("follow_up_days", 3651, False),
        ("follow_up_days", 2147483647, False),
        ("follow_up_days", -1, False),
        ("hue", 8, True),
        ("hue", 9, False),
        ("hue", 0, False),
    ],
)
def test_a_team_takes_only_what_makes_sense(client: Client, name: str, value: int, taken: bool) -> None:
    team = make_team("Heating")
    client.force_login(make_administrator())
    typed = {"name": "Heating", "hue": 1, "follow_up_days": 14, "topic_icon": "chat", "is_active": "on", name: value}
    response = client.post(f"/desk/settings/teams/{team.pk}/", typed)
    assert response.status_code == (302 if taken else 422)
    assert (getattr(Team.objects.get(), name) == value) is taken
