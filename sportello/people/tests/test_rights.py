"""Which role gives which right, team by team?"""

import pytest

from sportello.people import policy
from sportello.people.models import User
from sportello.people.models.team import join_team, leave_team
from sportello.people.roles import Right, Role
from sportello.people.testing import make_administrator, make_agent, make_customer, make_organisation, make_team

pytestmark = pytest.mark.django_db

# the rights of each role in its own team, as requirements R1 and behaviours ("Light agents", roles) give them
EXPECTED = {
    Role.LIGHT_AGENT: {Right.VIEW, Right.NOTE},
    Role.AGENT: {Right.VIEW, Right.NOTE, Right.REPLY, Right.CHANGE, Right.ASSIGN},
    Role.SUPERVISOR: set(Right),
}


@pytest.mark.parametrize("role", EXPECTED)
@pytest.mark.parametrize("right", list(Right))
def test_a_member_has_the_rights_of_their_role_in_their_team_only(role: Role, right: Right) -> None:
    own, other = make_team(), make_team()
    user = make_agent(own, role=role)
    assert user.has_right(right, own.pk) == (right in EXPECTED[role])
    assert not user.has_right(right, other.pk)


@pytest.mark.parametrize("right", list(Right))
def test_an_administrator_has_every_right_everywhere(right: Right) -> None:
    assert make_administrator().has_right(right, make_team().pk)
    assert make_administrator().teams_with(right) is None


def test_a_role_may_differ_from_team_to_team() -> None:
    first, second = make_team(), make_team()
    user = make_agent(first)
    join_team(user, second, Role.LIGHT_AGENT)
    assert user.teams_with(Right.VIEW) == [first.pk, second.pk]
    assert user.teams_with(Right.REPLY) == [first.pk]


def test_joining_again_changes_the_role() -> None:
    team = make_team()
    user = make_agent(team)
    join_team(user, team, Role.SUPERVISOR)
    assert user.has_right(Right.MANAGE, team.pk)
    assert team.memberships.count() == 1


def test_customers_have_no_rights_even_as_members() -> None:
    team, customer = make_team(), make_customer()
    join_team(customer, team, Role.SUPERVISOR)
    assert not any(customer.has_right(right, team.pk) for right in Right)


def test_the_inactive_have_no_rights() -> None:
    team = make_team()
    for user in (make_agent(team), make_administrator()):
        user.is_active = False
        assert not any(user.has_right(right, team.pk) for right in Right)


def test_rights_cost_one_query_a_request(django_assert_num_queries: object) -> None:
    team = make_team()
    user = User.objects.get(pk=make_agent(team).pk)
    with django_assert_num_queries(1):  # type: ignore[operator]  # a fixture without a type of its own
        for right in Right:
            user.has_right(right, team.pk)


def test_who_may_answer_in_a_team() -> None:
    team, other = make_team(), make_team()
    agent, light = make_agent(team), make_agent(team, role=Role.LIGHT_AGENT)
    administrator = make_administrator()
    make_agent(other)
    gone = make_agent(team)
    User.objects.filter(pk=gone.pk).update(is_active=False)
    assert set(User.objects.all().who_may(Right.REPLY, team.pk)) == {agent, administrator}
    assert set(User.objects.all().who_may(Right.NOTE, team.pk)) == {agent, light, administrator}


def test_who_may_edit_whom() -> None:
    team = make_team()
    agent, light = make_agent(team), make_agent(team, role=Role.LIGHT_AGENT)
    administrator, customer = make_administrator(), make_customer()
    assert policy.can_edit_person(agent, customer)
    assert policy.can_edit_person(administrator, agent)
    assert policy.can_edit_person(agent, agent)
    assert not policy.can_edit_person(light, customer)
    assert not policy.can_edit_person(agent, light)
    assert not policy.can_edit_person(customer, agent)


def test_nobody_says_where_they_belong_or_what_they_are() -> None:
    team = make_team()
    roles = (Role.LIGHT_AGENT, Role.AGENT, Role.SUPERVISOR, Role.ADMINISTRATOR)
    for person in (make_customer(), *(make_agent(team, role=role) for role in roles)):
        assert policy.can_edit_person(person, person)  # their name, language and zone
        assert not policy.can_keep_record(person, person)
        assert not policy.can_appoint(person, person)


def test_who_says_where_a_customer_belongs() -> None:
    team, customer = make_team(), make_customer()
    light, agent = make_agent(team, role=Role.LIGHT_AGENT), make_agent(team)
    for person in (customer, make_customer(), light):
        assert not policy.can_keep_record(person, customer)
        assert not policy.can_add_customers(person)
    for person in (agent, make_agent(team, role=Role.SUPERVISOR), make_administrator()):
        assert policy.can_keep_record(person, customer)
        assert policy.can_add_customers(person)
    assert not policy.can_keep_record(agent, light)
    assert policy.can_keep_record(make_administrator(), light)


def test_agents_put_nobody_where_people_read_each_others_requests() -> None:
    team = make_team()
    mole = make_customer("mole@evil.example")
    open_spa, spa = make_organisation("Mill"), make_organisation("Spa", "spa.example", shares_requests=True)
    for person in (make_agent(team), make_agent(team, role=Role.SUPERVISOR)):
        assert policy.can_place(person, mole, open_spa)
        assert policy.can_place(person, mole, None)
        assert not policy.can_place(person, mole, spa)
    assert policy.can_place(make_administrator(), mole, spa)
    assert not policy.can_place(mole, mole, spa)


def test_agents_put_somebody_where_the_domain_of_their_address_belongs_or_leave_them_there() -> None:
    agent = make_agent(make_team())
    spa = make_organisation("Spa", "spa.example", shares_requests=True)
    ana, guest = make_customer("ana@spa.example"), make_customer("guest@gmail.com", organisation=spa)
    User.objects.filter(pk=ana.pk).update(organisation=None)
    ana.refresh_from_db()
    assert policy.can_place(agent, ana, spa)
    assert policy.can_place(agent, guest, spa)


def test_who_leaves_a_team_loses_its_rights_at_once() -> None:
    first, second = make_team(), make_team()
    user = make_agent(first)
    join_team(user, second)
    leave_team(user, first)
    assert user.teams_with(Right.VIEW) == [second.pk]
