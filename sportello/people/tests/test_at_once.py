"""Two at the same moment: is a stranger one person all the same?"""

import threading

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction

from sportello.kernel.tests.running import Threads
from sportello.people.models import User
from sportello.people.roles import Role
from sportello.people.staffing import Post, keep_colleague


@pytest.mark.django_db(transaction=True)
def test_two_who_meet_a_stranger_at_once_get_the_same_person() -> None:
    barrier = threading.Barrier(4)
    met: list[int] = []

    def meet() -> None:
        barrier.wait(timeout=10)
        met.append(User.objects.at_address_or_new("New@example.com", "New").pk)

    with Threads() as threads:
        for _ in range(4):
            threads.start(meet)
    assert len(met) == 4
    assert set(met) == {User.objects.get().pk}


@pytest.mark.django_db(transaction=True)
def test_two_who_write_to_the_same_strangers_in_another_order_do_not_wait_for_each_other() -> None:
    names = [f"new{number}@example.com" for number in range(12)]
    barrier = threading.Barrier(2)

    def write_to(order: list[str]) -> None:
        barrier.wait(timeout=10)
        with transaction.atomic():
            User.objects.at_addresses_or_new(dict.fromkeys(order, ""))

    with Threads() as threads:
        threads.start(write_to, names)
        threads.start(write_to, names[::-1])
    assert User.objects.count() == 12


@pytest.mark.django_db(transaction=True)
def test_a_colleague_whom_two_take_on_at_once_is_one_and_the_others_are_told() -> None:
    barrier = threading.Barrier(4)
    outcomes: list[str] = []

    def take_on() -> None:
        barrier.wait(timeout=10)
        try:
            keep_colleague(None, Post("New", "new@example.com", Role.AGENT))
            outcomes.append("taken on")
        except ValidationError as refusal:
            outcomes.append(str(refusal.message_dict["address"][0]))

    with Threads() as threads:
        for _ in range(4):
            threads.start(take_on)
    assert sorted(outcomes) == ["Somebody already has that address."] * 3 + ["taken on"]
