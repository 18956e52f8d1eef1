"""A fixed cast of invented people, for tests, demo data and screenshots."""

from itertools import count
from typing import Any

from sportello.people.models import Organisation, Team, User
from sportello.people.models.team import join_team
from sportello.people.roles import Role

_next = count(1)
PASSWORD = "counter-bell-42"  # noqa: S105  of invented people


def make_organisation(name: str = "Hotel Carpatica", *domains: str, **fields: Any) -> Organisation:
    organisation = Organisation.objects.create(name=name, **fields)
    for domain in domains:
        organisation.domains.create(domain=domain)
    return organisation


def make_team(name: str = "", **fields: Any) -> Team:
    return Team.objects.create(name=name or f"Team {next(_next)}", **fields)


def make_customer(address: str = "", name: str = "Andrei Munteanu", **fields: Any) -> User:
    return User.objects.create_user(address or f"customer{next(_next)}@example.com", name, **fields)


def make_agent(*teams: Team, role: str = Role.AGENT, name: str = "Marta Rinaldi", **fields: Any) -> User:
    """A member of the teams with this role; signs in with PASSWORD when `password=True`."""
    if fields.pop("password", False):
        fields["password"] = PASSWORD
    address = fields.pop("address", "") or f"agent{next(_next)}@desk.example"
    user = User.objects.create_user(address, name, role=role, **fields)
    for team in teams:
        if role != Role.ADMINISTRATOR:
            join_team(user, team, role)
    return user


def make_administrator(**fields: Any) -> User:
    return make_agent(role=Role.ADMINISTRATOR, **({"name": "Ilinca Stan"} | fields))
