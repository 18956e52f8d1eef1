"""Two at the same moment: is a stranger one person all the same?"""

import threading
from collections.abc import Callable
from functools import partial

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction

from sportello.kernel.tests.running import Threads
from sportello.people.models import User
from sportello.people.roles import Role
from sportello.people.staffing import Post, keep_colleague


def at_once(*acts: Callable[[], object]) -> None:
    """Each in a thread of its own, all from the same moment."""
    barrier = threading.Barrier(len(acts))

    def begin(act: Callable[[], object]) -> None:
        barrier.wait(timeout=10)
        act()

    with Threads() as threads:
        for act in acts:
            threads.start(begin, act)


@pytest.mark.django_db(transaction=True)
def test_two_who_meet_a_stranger_at_once_get_the_same_person() -> None:
    met: list[int] = []

    def meet() -> None:
        met.append(User.objects.at_address_or_new("New@example.com", "New").pk)

    at_once(*[meet] * 4)
    assert len(met) == 4
    assert set(met) == {User.objects.get().pk}


@pytest.mark.django_db(transaction=True)
def test_two_who_write_to_the_same_strangers_in_another_order_do_not_wait_for_each_other() -> None:
    names = [f"new{number}@example.com" for number in range(12)]

    def write_to(order: list[str]) -> None:
        with transaction.atomic():
            User.objects.at_addresses_or_new(dict.fromkeys(order, ""))

    at_once(partial(write_to, names), partial(write_to, names[::-1]))
    assert User.objects.count() == 12


@pytest.mark.django_db(transaction=True)
def test_a_colleague_whom_two_take_on_at_once_is_one_and_the_others_are_told() -> None:
    outcomes: list[str] = []

    def take_on() -> None:
        try:
            keep_colleague(None, Post("New", "new@example.com", Role.AGENT))
            outcomes.append("taken on")
        except ValidationError as refusal:
            outcomes.append(str(refusal.message_dict["address"][0]))

    at_once(*[take_on] * 4)
    assert sorted(outcomes) == ["Somebody already has that address."] * 3 + ["taken on"]
