"""Is a ticket the fold of its facts, whatever was done to it, now and at any earlier moment?"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from sportello.people.models import Team, User
from sportello.people.testing import make_administrator, make_agent, make_customer, make_organisation, make_team
from sportello.tickets import conversation, intake, replay
from sportello.tickets.conversation import TooLate, Words
from sportello.tickets.events import DeliveryEvent, DeliveryFailed, DeliveryGivenUp, DeliveryRetried, ticket_events
from sportello.tickets.models import Message, Ticket
from sportello.tickets.models.ticket import TransitionRefused
from sportello.tickets.testing import make_reply, make_ticket
from sportello.tickets.words import Channel, Priority, Status, TicketType

NOON = datetime(2026, 11, 3, 12, tzinfo=UTC)
SUBJECTS = ["Heating", "No heating", "Ștrand închis"]
TAGS = ["vpn", "billing", "spam"]


@dataclass
class Stage:
    """A ticket and the people around it. `pick` takes any of a list by a number."""

    ticket: Ticket
    teams: list[Team] = field(default_factory=list)
    staff: list[User] = field(default_factory=list)
    customers: list[User] = field(default_factory=list)

    @classmethod
    def set(cls) -> "Stage":
        make_organisation("Hotel", "hotel.example")
        teams = [make_team(follow_up_days=1), make_team()]
        staff = [make_agent(*teams), make_agent(teams[0]), make_administrator()]
        customers = [make_customer("ana@hotel.example"), make_customer(), make_customer()]
        return cls(make_ticket(team=teams[0], requester=customers[0]), teams, staff, customers)


def pick(choices: Any, number: int) -> Any:
    return list(choices)[number % len(list(choices))]


Act = Callable[[Stage, User, int], object]


def by_verb(verb: Callable[..., bool]) -> Act:
    return lambda stage, by, n: verb(stage.ticket, by=by)


def withdraw(stage: Stage, by: User, n: int) -> None:
    held = Message.objects.filter(ticket=stage.ticket, held_until__isnull=False, withdrawn_at=None).last()
    if held:
        conversation.withdraw(held, by=by)


def receive(stage: Stage, by: User, n: int) -> None:
    who = pick(stage.customers, n)
    conversation.receive(stage.ticket, Words(text=f"words {n}"), by=who, channel=Channel.EMAIL, wakes=n % 3 > 0)


def reply(stage: Stage, by: User, n: int) -> None:
    then = pick(["", Status.OPEN, Status.WAITING, Status.ON_HOLD, Status.SOLVED], n)
    make_reply(stage.ticket, by, f"reply {n}", undo_seconds=10 * (n % 2), then=then)


def answer(stage: Stage, by: User, n: int) -> None:
    intake.answer(stage.ticket, Words(text="Again."), by=pick(stage.customers, n), channel=Channel.PORTAL)


def close_by_itself(stage: Stage, by: User, n: int) -> None:
    stage.ticket.close(by=User.objects.system(), cause={"by": "follow-up window", "days": 1})


def decide(fact: type[DeliveryEvent]) -> Act:
    """What a channel puts down about a notice that could not be delivered; nothing of the ticket changes."""
    return lambda s, by, n: s.ticket.record(fact(s.ticket.pk, by.pk, message_id=None, recipients=["a@b.example"]), by)


ACTS: dict[str, Act] = {
    "start": by_verb(Ticket.start),
    "wait": by_verb(Ticket.wait),
    "hold": by_verb(Ticket.hold),
    "solve": lambda s, by, n: s.ticket.solve(by=by, note="How."),
    "close": by_verb(Ticket.close),
    "close by itself": close_by_itself,
    "restore": lambda s, by, n: s.ticket.restore_status(pick([*Status][:5], n), by=by),
    "assign": lambda s, by, n: s.ticket.assign_to(pick([None, *s.staff], n), by=by),
    "move": lambda s, by, n: s.ticket.move_to(pick(s.teams, n), by=by),
    "prioritise": lambda s, by, n: s.ticket.prioritise(pick(Priority, n), by=by),
    "retype": lambda s, by, n: s.ticket.retype(pick(TicketType, n), by=by),
    "rename": lambda s, by, n: s.ticket.rename(pick(SUBJECTS, n), by=by),
    "tag": lambda s, by, n: s.ticket.tag(by=by, add=[pick(TAGS, n)], remove=[pick(TAGS, n + 1)]),
    "untag": lambda s, by, n: s.ticket.tag(by=by, remove=TAGS),
    "add participant": lambda s, by, n: s.ticket.add_participant(pick(s.customers, n), by=by),
    "remove participant": lambda s, by, n: s.ticket.remove_participant(pick(s.customers, n), by=by),
    "change requester": lambda s, by, n: s.ticket.change_requester(pick(s.customers, n), by=by),
    "note": lambda s, by, n: conversation.note(s.ticket, Words(text="A note."), by=by),
    "reply": reply,
    "receive": receive,
    "answer": answer,
    "withdraw": withdraw,
    "fail to deliver": decide(DeliveryFailed),
    "retry a delivery": decide(DeliveryRetried),
    "give a delivery up": decide(DeliveryGivenUp),
}
STEPS = st.tuples(st.sampled_from(sorted(ACTS)), st.integers(0, 2), st.integers(0, 11), st.sampled_from([1, 5, 90_000]))


class _TakeBack(Exception):
    pass


@pytest.mark.django_db
@given(steps=st.lists(STEPS, max_size=25))
@settings(max_examples=60)
def test_a_ticket_is_the_fold_of_its_facts_at_every_moment(steps: list[tuple[str, int, int, int]]) -> None:
    with pytest.raises(_TakeBack), transaction.atomic(), time_machine.travel(NOON, tick=False) as clock:
        stage = Stage.set()
        seen: list[tuple[datetime, replay.State]] = []
        for name, actor, number, seconds in steps:
            clock.shift(seconds)
            try:
                with transaction.atomic():
                    ACTS[name](stage, stage.staff[actor], number)
            except (TransitionRefused, TooLate):
                stage.ticket = Ticket.objects.get(pk=stage.ticket.pk)
            seen.append((clock_now(), replay.as_it_is(stage.ticket)))
        assert replay.fold(stage.ticket.timeline.all()) == replay.as_it_is(stage.ticket)
        for moment, state in seen:
            assert replay.as_it_was(stage.ticket, moment) == state
            assert replay.as_it_was(stage.ticket, moment + timedelta(milliseconds=999)) == state
        raise _TakeBack


def clock_now() -> datetime:
    return datetime.now(UTC)


@pytest.mark.django_db
def test_before_it_was_opened_a_ticket_was_nothing() -> None:
    with time_machine.travel(NOON, tick=False):
        ticket = make_ticket()
    assert replay.as_it_was(ticket, NOON - timedelta(microseconds=1)) == {}
    assert replay.as_it_was(ticket, NOON)["status"] == Status.NEW


@pytest.mark.django_db
def test_the_ends_of_time_are_moments_too() -> None:
    ticket = make_ticket()
    rome = ZoneInfo("Europe/Rome")
    assert replay.as_it_was(ticket, datetime.min.replace(tzinfo=rome)) == {}
    assert replay.as_it_was(ticket, datetime.max.replace(tzinfo=rome)) == replay.as_it_is(ticket)


EVERYTHING = [
    *[(name, 1) for name in ACTS if name not in ("close", "close by itself", "withdraw", "answer")],
    ("prioritise", 3),
    ("add participant", 2),
    ("remove participant", 2),
    ("solve", 0),
    ("start", 0),
    ("reply", 3),
    ("withdraw", 0),
    ("solve", 0),
    ("close by itself", 0),
    ("answer", 0),
]


@pytest.mark.django_db
def test_the_acts_above_make_every_kind_of_fact_and_each_reads_back_from_json() -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        stage = Stage.set()
        for name, number in EVERYTHING:
            clock.shift(1)
            ACTS[name](stage, stage.staff[0], number)
    entries = list(stage.ticket.timeline.all())
    assert {entry.kind for entry in entries} == {event.__name__ for event in ticket_events()}
    for entry in entries:
        assert entry.event.as_json() == entry.data
        assert type(entry.event).__name__ == entry.kind
        assert (entry.event.actor_id, entry.event.ticket_id) == (entry.actor_id, entry.ticket_id)
