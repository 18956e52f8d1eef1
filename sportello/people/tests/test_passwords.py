"""Which passwords let whom in, and does an unknown address cost as much as a known one?"""

from typing import ClassVar

import pytest
from django.contrib.auth import authenticate
from django.db import connection
from django.test import override_settings
from django.test.utils import CaptureQueriesContext

from sportello.people.models import User
from sportello.people.passwords import LONGEST_PASSWORD, AddressBackend
from sportello.people.testing import PASSWORD, make_agent, make_customer
from tests.passwords import QuickArgon2PasswordHasher

pytestmark = pytest.mark.django_db


def test_any_of_the_addresses_signs_in() -> None:
    agent = make_agent(address="marta@desk.example", password=True)
    agent.add_address("m.rinaldi@desk.example")
    assert authenticate(username="Marta@Desk.example", password=PASSWORD) == agent
    assert authenticate(username="m.rinaldi@desk.example", password=PASSWORD) == agent


@pytest.mark.parametrize("password", ["", "wrong", PASSWORD.upper(), "\0", "x" * (LONGEST_PASSWORD + 1)])
def test_a_wrong_password_does_not_sign_in(password: str) -> None:
    make_agent(address="marta@desk.example", password=True)
    assert authenticate(username="marta@desk.example", password=password) is None


@pytest.mark.parametrize("address", ["", "nobody@example.com", "\0", "marta@desk.example\0x", "x" * 5000])
def test_nonsense_as_address_does_not_sign_in(address: str) -> None:
    make_agent(address="marta@desk.example", password=True)
    assert authenticate(username=address, password=PASSWORD) is None


def test_who_has_no_password_does_not_sign_in_with_one() -> None:
    make_customer("ana@example.com")
    assert authenticate(username="ana@example.com", password="") is None
    assert authenticate(username="ana@example.com", password="!") is None


def test_the_inactive_do_not_sign_in_and_stay_no_longer() -> None:
    agent = make_agent(address="marta@desk.example", password=True)
    User.objects.filter(pk=agent.pk).update(is_active=False)
    assert authenticate(username="marta@desk.example", password=PASSWORD) is None
    assert AddressBackend().get_user(agent.pk) is None


class CountingHasher(QuickArgon2PasswordHasher):
    """How often was the costly part done?"""

    runs: ClassVar[list[str]] = []

    def encode(self, password: str, salt: str) -> str:
        self.runs.append("encode")
        return super().encode(password, salt)

    def verify(self, password: str, encoded: str) -> bool:
        self.runs.append("verify")
        return super().verify(password, encoded)


@override_settings(PASSWORD_HASHERS=[f"{__name__}.CountingHasher"])
def test_an_unknown_address_costs_as_much_as_a_wrong_password() -> None:
    """B079: one run of the hash, whose cost hides everything else, and the same number of queries."""
    make_agent(address="marta@desk.example", password=True)
    make_customer("without@example.com")
    costs = set()
    for address in ("marta@desk.example", "nobody@example.com", "without@example.com"):
        CountingHasher.runs.clear()
        with CaptureQueriesContext(connection) as queries:
            assert authenticate(username=address, password="wrong-password") is None
        costs.add((len(CountingHasher.runs), len(queries)))
    assert costs == {(1, 1)}
