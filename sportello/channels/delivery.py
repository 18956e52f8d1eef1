"""How far is each message on its way to the customer? Asked by the doors, answered by the channel that carries it."""

from collections.abc import Callable, Collection
from dataclasses import dataclass

from sportello.kernel.slots import Slot
from sportello.tickets.models import Message


@dataclass(frozen=True)
class Delivery:
    """`state` is queued, sent, deferred, failed or cancelled; `label` and `detail` are for people.

    `leaves` is false for what waits in the built-in sink, since there is no mailbox to send from yet.
    """

    state: str
    label: str
    detail: str
    recipients: list[str]
    leaves: bool = True


Reporter = Callable[[Collection[Message]], dict[int, Delivery]]
_reporter: Slot[Reporter] = Slot("who knows how far a message is")


def report_with(reporter: Reporter) -> None:
    _reporter.fill(reporter)


def states_of(messages: Collection[Message]) -> dict[int, Delivery]:
    """By message id, for those that travel. One query for all of them."""
    return _reporter.given(messages)
