"""How are many tickets changed at once, watched, stopped and taken back? Ticket by ticket, by the verbs of each."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sportello.kernel.live import publish as tell
from sportello.people.models import User
from sportello.tickets import conditions
from sportello.tickets.bulk_changes import ChangeRefused, Refused, carry_out, checked, may_carry_out, picture, put_back
from sportello.tickets.conditions import Query
from sportello.tickets.conversation import UNDO_SECONDS
from sportello.tickets.models import BulkJob, BulkOutcome, Ticket
from sportello.tickets.models.bulk import SHOWN_FOR

__all__ = ["MOST", "ChangeRefused", "affected", "cancel", "put_away", "run", "run_undo", "start", "undo"]

MOST = 10_000
BATCH = 10  # tickets a transaction: others get to write in between
State = BulkJob.State


def affected(owner: User, which: Iterable[int] | Query, change: dict[str, Any]) -> list[int]:
    """The numbers of the tickets that the change would go through: visible to the person, and theirs to change.

    Raises ChangeRefused for a change that makes no sense, a question with problems, or too many tickets.
    """
    change = checked(change, owner)
    visible = Ticket.objects.visible_to(owner)
    if isinstance(which, Query):
        if which.problems:
            raise ChangeRefused(" ".join(which.problems))
        tickets = conditions.apply(visible, which, owner)
    else:
        tickets = visible.filter(pk__in=list(which)[: MOST + 1])
    found = list(tickets.order_by("id").only("team_id", "status")[: MOST + 1])
    if len(found) > MOST:
        text = ngettext(
            "At most %(most)s ticket can be changed at once.", "At most %(most)s tickets can be changed at once.", MOST
        )
        raise ChangeRefused(text % {"most": MOST})
    return [ticket.pk for ticket in found if may_carry_out(owner, ticket, change)]


@transaction.atomic
def start(owner: User, which: Iterable[int] | Query, change: dict[str, Any]) -> BulkJob:
    """Begin to change the affected tickets; `total` says how many they are. Raises ChangeRefused."""
    from sportello.tickets.jobs import run_bulk_job

    numbers = affected(owner, which, change)
    if not numbers:
        raise ChangeRefused(_("You may not change any of these tickets."))
    job = BulkJob.objects.create(owner=owner, change=checked(change, owner), ticket_ids=numbers, total=len(numbers))
    run_bulk_job.enqueue(job.pk)
    return job


def run(job: BulkJob) -> None:
    """Do what is left to do. Begun again after a crash, it goes on where it stopped."""
    while _next_batch(job):
        pass


@transaction.atomic
def _next_batch(job: BulkJob) -> bool:
    """Whether there may be more to do. Tickets, outcomes and progress are one transaction."""
    state = BulkJob.objects.select_for_update().get(pk=job.pk)
    if state.state != State.RUNNING:
        return False
    with translation.override(state.owner.language):
        outcomes = [_one(state, number) for number in state.ticket_ids[state.done : state.done + BATCH]]
    BulkOutcome.objects.bulk_create(outcome for outcome in outcomes if outcome)
    state.done += len(outcomes)
    state.failed += sum(outcome is None or outcome.why != "" for outcome in outcomes)
    state.state = State.DONE if state.done >= state.total else State.RUNNING
    state.save(update_fields=["done", "failed", "state"])
    _show(state)
    return state.state == State.RUNNING


def _one(job: BulkJob, number: int) -> BulkOutcome | None:
    """None for a ticket that is gone."""
    ticket = Ticket.objects.filter(pk=number).first()
    if ticket is None:
        return None
    outcome = BulkOutcome(job=job, ticket=ticket)
    try:
        with ticket.held():
            before = picture(ticket)
            cause = {"by": "bulk", "job": job.pk}
            carry_out(ticket, job.change, by=job.owner, cause=cause, tell_at=_undo_ends(job))
            outcome.before, outcome.after = before, picture(ticket)
    except Refused as refused:
        outcome.why = str(refused)[:200]
    return outcome


def _undo_ends(job: BulkJob) -> datetime:
    """Until then the button to undo is there, so nobody outside hears of it."""
    return max(job.created_at + SHOWN_FOR, timezone.now() + timedelta(seconds=UNDO_SECONDS))


def _show(job: BulkJob) -> None:
    tell("bulk", job=job.pk, owner=job.owner_id)


@transaction.atomic
def cancel(job: BulkJob) -> bool:
    """Stop before the next few tickets. What is done stays done, and can be undone."""
    stopped = BulkJob.objects.filter(pk=job.pk, state=State.RUNNING).update(state=State.CANCELLED)
    job.refresh_from_db()
    _show(job)
    return bool(stopped)


@transaction.atomic
def put_away(job: BulkJob) -> bool:
    """Show it no more on its owner's screens. One that is still at work stays."""
    over = BulkJob.objects.filter(pk=job.pk).exclude(state__in=[State.RUNNING, State.UNDOING]).update(put_away=True)
    job.refresh_from_db()
    _show(job)
    return bool(over)


@transaction.atomic
def undo(job: BulkJob) -> bool:
    """Ask for everything to be put back where nothing newer has changed it."""
    from sportello.tickets.jobs import undo_bulk_job

    undoing = BulkJob.objects.filter(pk=job.pk, state__in=[State.DONE, State.CANCELLED]).update(state=State.UNDOING)
    if undoing:
        undo_bulk_job.enqueue(job.pk)
    job.refresh_from_db()
    _show(job)
    return bool(undoing)


def run_undo(job: BulkJob) -> None:
    """Put back, ticket by ticket, what the job changed and nobody changed since. Each once, also after a crash."""
    while _undo_next_batch(job):
        pass


@transaction.atomic
def _undo_next_batch(job: BulkJob) -> bool:
    state = BulkJob.objects.select_for_update().get(pk=job.pk)
    if state.state != State.UNDOING:
        return False
    outcomes = list(job.outcomes.filter(why="", undone=False).select_related("ticket").order_by("id")[:BATCH])
    with translation.override(state.owner.language):
        for outcome in outcomes:
            _put_back(outcome, state.owner)
    if not outcomes:
        state.state = State.UNDONE
        state.save(update_fields=["state"])
        _show(state)
    return bool(outcomes)


def _put_back(outcome: BulkOutcome, owner: User) -> None:
    """A ticket that may not be put back is left as it is, and says why."""
    outcome.undone = True
    try:
        with outcome.ticket.held() as ticket:
            cause = {"by": "bulk-undo", "job": outcome.job_id}
            put_back(ticket, outcome.before, outcome.after, by=owner, cause=cause)
    except Refused as refused:
        outcome.why = str(refused)[:200]
    outcome.save(update_fields=["undone", "why"])
