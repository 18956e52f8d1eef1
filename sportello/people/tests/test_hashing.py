"""Are few passwords looked at at once, at the cost that OWASP asks for, and does an old hash still open?"""

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import ClassVar

import pytest
from django.contrib.auth import authenticate
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.test import override_settings

from sportello.people.hashing import Hasher
from sportello.people.models import User
from sportello.people.testing import PASSWORD, make_agent
from tests.passwords import QuickArgon2PasswordHasher

OURS = "sportello.people.hashing.Hasher"


def test_the_cost_is_what_owasp_asks_for() -> None:
    hasher = Hasher()
    assert hasher.memory_cost >= 19 * 1024 and hasher.time_cost >= 2
    encoded = hasher.encode("correct horse", hasher.salt())
    assert "$m=19456,t=3,p=1$" in encoded
    assert hasher.verify("correct horse", encoded) and not hasher.verify("wrong horse", encoded)


class Watched(QuickArgon2PasswordHasher):
    """How many are at work at the same time? Each waits a moment for a third that must not come."""

    at_work: ClassVar[int] = 0
    most: ClassVar[int] = 0
    third: ClassVar[threading.Barrier] = threading.Barrier(3)
    lock: ClassVar[threading.Lock] = threading.Lock()

    def params(self) -> object:
        """Django asks for them in the middle of the work."""
        with self.lock:
            Watched.at_work += 1
            Watched.most = max(Watched.most, Watched.at_work)
        try:
            self.third.wait(0.05)
        except threading.BrokenBarrierError:
            self.third.reset()
        with self.lock:
            Watched.at_work -= 1
        return super().params()


def test_two_are_looked_at_at_once_and_the_others_wait() -> None:
    hasher = Watched()
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda word: hasher.encode(word, "a-salt-of-its-own"), ["one", "two", "three", "four"] * 2))
    assert Watched.most == 2


@pytest.mark.django_db
@override_settings(PASSWORD_HASHERS=[OURS])
def test_an_old_hash_opens_and_is_made_anew() -> None:
    agent = make_agent(address="marta@desk.example")
    old = Argon2PasswordHasher()
    User.objects.filter(pk=agent.pk).update(password=old.encode(PASSWORD, old.salt()))
    assert authenticate(username="marta@desk.example", password="wrong-password") is None
    agent.refresh_from_db()
    assert "$m=102400," in agent.password
    for _ in range(2):
        assert authenticate(username="marta@desk.example", password=PASSWORD) == agent
        agent.refresh_from_db()
        assert "$m=19456,t=3,p=1$" in agent.password
