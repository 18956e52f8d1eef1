"""Can every fact about a ticket be told? A kind without a sentence would show the name of its class."""

from sportello.desk.tickets.sentences import _TOLD
from sportello.tickets.events import ticket_events


def test_every_kind_of_fact_has_a_sentence_and_every_sentence_a_fact() -> None:
    assert set(_TOLD) == {event.kind for event in ticket_events()}
