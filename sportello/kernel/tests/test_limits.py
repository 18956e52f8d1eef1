"""Is a limit kept by everybody together, without a trace of who was counted?"""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import transaction

from sportello.kernel.limits import Allowed, give_back, prune_limits, take
from sportello.kernel.models import Limit
from sportello.kernel.tests.running import Threads

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
YES = Allowed(ok=True, retry_after_seconds=0)


def sign_in(key: str = "ana@example.com") -> Allowed:
    return take("sign in", key, limit=3, per=HOUR)


@pytest.mark.django_db
def test_a_limit_is_reached_and_is_free_again_when_its_window_ends() -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        assert [sign_in() for _ in range(3)] == [YES] * 3
        clock.shift(timedelta(minutes=20))
        assert sign_in() == Allowed(ok=False, retry_after_seconds=40 * 60)
        clock.shift(timedelta(minutes=39, seconds=59.5))
        assert sign_in() == Allowed(ok=False, retry_after_seconds=1)
        clock.shift(timedelta(seconds=0.5))
        assert [sign_in().ok for _ in range(4)] == [True, True, True, False]


@pytest.mark.django_db
def test_each_name_and_each_key_has_its_own_count() -> None:
    for _ in range(3):
        sign_in()
    assert not sign_in()
    assert sign_in("bob@example.com")
    assert take("send link", "ana@example.com", limit=3, per=HOUR)


@pytest.mark.django_db
def test_what_is_given_back_does_not_count() -> None:
    for _ in range(5):
        assert sign_in()
        give_back("sign in", "ana@example.com")
    for _ in range(3):
        sign_in()
    give_back("sign in", "bob@example.com")
    assert not sign_in()


@pytest.mark.django_db
def test_nothing_is_given_back_that_was_not_taken_in_this_window() -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        sign_in()
        for _ in range(3):
            give_back("sign in", "ana@example.com")
        assert [sign_in().ok for _ in range(4)] == [True, True, True, False]
        clock.shift(HOUR)
        give_back("sign in", "ana@example.com")
        assert [sign_in().ok for _ in range(4)] == [True, True, True, False]


@pytest.mark.django_db
def test_knocking_on_does_not_count_up_for_ever() -> None:
    for _ in range(10):
        sign_in()
    assert Limit.objects.get().count == 4


@pytest.mark.django_db
def test_nobody_can_read_who_was_counted() -> None:
    sign_in()
    take("send link", "ana@example.com", limit=3, per=HOUR)
    kept = str(list(Limit.objects.values_list()))
    assert "ana" not in kept
    assert len(set(Limit.objects.values_list("key_hash", flat=True))) == 2


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("inside", [False, True])
def test_eight_threads_get_no_more_than_the_limit(inside: bool) -> None:
    answers: list[bool] = []

    def knock() -> None:
        for _ in range(5):
            if inside:
                with transaction.atomic():
                    answers.append(take("api", "token 1", limit=10, per=HOUR).ok)
            else:
                answers.append(take("api", "token 1", limit=10, per=HOUR).ok)

    with Threads() as threads:
        for _ in range(8):
            threads.start(knock)
    assert (answers.count(True), answers.count(False)) == (10, 30)


@pytest.mark.django_db(transaction=True)
def test_a_take_in_a_transaction_that_fails_does_not_count() -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        sign_in()
        raise RuntimeError
    assert not Limit.objects.exists()


@pytest.mark.django_db
def test_counts_whose_window_ended_are_forgotten() -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        sign_in()
        clock.shift(timedelta(minutes=30))
        sign_in("bob@example.com")
        clock.shift(timedelta(minutes=40))
        prune_limits.call()
        assert Limit.objects.count() == 1
