"""Two at the same moment: is a stranger one person all the same?"""

import threading

import pytest

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
