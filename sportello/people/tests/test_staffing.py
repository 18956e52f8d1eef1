"""Who works here, and does somebody always stay who may change that?"""

import pytest
from django.core.exceptions import ValidationError

from sportello.people.finding import find_people
from sportello.people.models import User
from sportello.people.roles import Role
from sportello.people.staffing import Post, keep_colleague, post_of
from sportello.people.testing import make_administrator, make_agent, make_customer, make_team

pytestmark = pytest.mark.django_db


def test_a_colleague_is_taken_on_with_a_role_in_each_team() -> None:
    first, second = make_team(), make_team()
    post = Post("Ana Pop", "Ana@Desk.example", Role.AGENT, teams={first.pk: Role.SUPERVISOR, second.pk: ""})
    ana = keep_colleague(None, post)
    assert (ana.address, ana.role, ana.team_roles) == ("ana@desk.example", Role.AGENT, {first.pk: Role.SUPERVISOR})


def test_a_new_name_is_clean_and_found() -> None:
    agent = make_agent(make_team())
    keep_colleague(agent, Post("Zenobia\x07 Quark", agent.address, agent.role))
    assert User.objects.get(pk=agent.pk).name == "Zenobia Quark"
    assert find_people("Zenobia") == [agent.pk]


@pytest.mark.parametrize("is_confirmed", [True, False])
def test_a_new_address_is_written_to_and_an_old_one_stays_theirs_once_confirmed(is_confirmed: bool) -> None:
    agent = make_agent(make_team(), address="marta@desk.example")
    if is_confirmed:
        agent.confirm_address("marta@desk.example")
    keep_colleague(agent, Post("Marta", "rinaldi@desk.example", agent.role))
    agent.refresh_from_db()
    assert agent.address == "rinaldi@desk.example"
    assert User.objects.at_address("marta@desk.example") == (agent if is_confirmed else None)
    assert find_people("rinaldi@desk.example") == [agent.pk]
    assert find_people("marta@desk.example") == ([agent.pk] if is_confirmed else [])


def test_teams_that_are_not_named_stay_as_they_are() -> None:
    team = make_team()
    agent = make_agent(team)
    keep_colleague(agent, Post("Marta", agent.address, Role.LIGHT_AGENT))
    assert agent.team_roles == {team.pk: Role.AGENT}


@pytest.mark.parametrize(
    ("post", "field"),
    [
        (Post("Ana", "taken@example.com", Role.AGENT), "address"),
        (Post("Ana", "no address", Role.AGENT), "address"),
        (Post("Ana", "ana@desk.example", Role.SYSTEM), "role"),
        (Post("Ana", "ana@desk.example", "queen"), "role"),
    ],
)
def test_what_cannot_be_changes_nothing(post: Post, field: str) -> None:
    make_customer("taken@example.com")
    agent = make_agent(make_team(), address="marta@desk.example")
    for person in (None, agent):
        with pytest.raises(ValidationError) as refusal:
            keep_colleague(person, post)
        assert set(refusal.value.message_dict) == {field}
    agent.refresh_from_db()
    assert (agent.address, agent.role, agent.name) == ("marta@desk.example", Role.AGENT, "Marta Rinaldi")
    assert User.objects.count() == 2


def test_the_last_administrator_neither_leaves_nor_steps_down() -> None:
    boss = make_administrator()
    for role, is_active in [(Role.AGENT, True), (Role.ADMINISTRATOR, False)]:
        with pytest.raises(ValidationError):
            keep_colleague(boss, Post(boss.name, boss.address, role, is_active=is_active))
    make_administrator()
    assert keep_colleague(boss, Post(boss.name, boss.address, Role.AGENT)).role == Role.AGENT


def test_a_post_says_what_somebody_is() -> None:
    boss = make_administrator(address="boss@desk.example")
    assert post_of(boss) == Post("Ilinca Stan", "boss@desk.example", Role.ADMINISTRATOR)
