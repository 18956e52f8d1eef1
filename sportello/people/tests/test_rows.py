"""Is a row only written as its model allows?"""

import pytest
from django.core.exceptions import ValidationError

from sportello.kernel.rows import put
from sportello.people.models import Team
from sportello.people.testing import make_team

pytestmark = pytest.mark.django_db


def test_a_new_row_is_written_whole() -> None:
    team = Team()
    put(team, name="  Front\0 desk ")
    assert Team.objects.get().name == "Front desk"


def test_only_what_is_named_is_written() -> None:
    team = make_team("First line")
    Team.objects.update(signature="Written meanwhile")
    put(team, name="Second line")
    team.refresh_from_db()
    assert (team.name, team.signature) == ("Second line", "Written meanwhile")


@pytest.mark.parametrize("columns", [{"name": ""}, {"name": "x" * 101}, {"topic_icon": "dragon"}, {"name": "Taken"}])
def test_what_the_model_forbids_is_not_written_and_named(columns: dict[str, str]) -> None:
    make_team("Taken")
    team = make_team("First line")
    with pytest.raises(ValidationError) as refusal:
        put(team, **columns)
    assert set(refusal.value.message_dict) == set(columns)
    team.refresh_from_db()
    assert (team.name, team.topic_icon) == ("First line", "chat")


def test_only_long_text_has_lines() -> None:
    team = Team()
    put(team, name="Front\r\ndesk", topic_hint="copies,\n\u2028payments", signature="Ana\r\nFront desk")
    team.refresh_from_db()
    assert (team.name, team.topic_hint, team.signature) == ("Front desk", "copies, payments", "Ana\nFront desk")
