"""Does a slot hold one, and say so when a second comes?"""

import pytest

from sportello.kernel.slots import Slot, SlotTaken


def test_what_was_given_first_stays_and_a_second_is_refused() -> None:
    slot: Slot[str] = Slot("how letters leave")
    slot.fill("mail")
    slot.fill("mail")
    with pytest.raises(SlotTaken, match="how letters leave"):
        slot.fill("chat")
    assert slot.given == "mail"


def test_an_empty_slot_says_what_is_missing() -> None:
    with pytest.raises(LookupError, match="how letters leave"):
        _ = Slot[str]("how letters leave").given


def test_another_one_is_held_only_for_a_while() -> None:
    slot: Slot[str] = Slot("how letters leave")
    slot.fill("mail")
    with slot.holding("a test's"):
        assert slot.given == "a test's"
    assert slot.given == "mail"
