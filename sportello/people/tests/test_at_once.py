"""Two at the same moment: is a stranger one person all the same?"""

import threading

import pytest
from django.db import transaction

from sportello.kernel.tests.running import Threads
from sportello.people.models import User


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
