"""Does one network leave room for the others?"""

import pytest

from sportello.kernel.networks import Room, network_of


@pytest.mark.parametrize(
    ("given", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1::/56"),
        ("2001:db8:1:ff:3:4:5:6", "2001:db8:1::/56"),
        ("2001:db8:1:100:3:4:5:6", "2001:db8:1:100::/56"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("/run/web.sock", "unknown"),
        ("", "unknown"),
    ],
)
def test_a_network_is_what_one_customer_of_a_provider_holds(given: str, network: str) -> None:
    assert network_of(given) == network


def test_one_network_takes_its_share_and_no_more() -> None:
    room = Room(most=10, most_of_one=4)
    assert room.take("a", 4) and not room.take("a")
    assert room.take("b", 4) and not room.take("c", 3) and room.take("c", 2)
    assert room.total == 10


def test_what_is_given_back_is_free_again() -> None:
    room = Room(most=4, most_of_one=4)
    assert room.take("a", 4) and not room.take("b")
    room.give_back("a", 4)
    assert room.take("b", 4)


def test_some_leave_a_part_of_the_room_free() -> None:
    room = Room(most=10, most_of_one=10)
    assert not room.take("a", 7, leaving=4) and room.take("a", 6, leaving=4) and room.take("b", 4)
