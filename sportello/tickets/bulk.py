"""How are many tickets changed at once, watched, stopped and taken back? Ticket by ticket, by the verbs of each."""

from collections.abc import Callable, Iterable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from sportello.kernel.live import publish as tell
from sportello.people.models import Team, User
from sportello.tickets import policy
from sportello.tickets.models import BulkJob, Ticket
from sportello.tickets.models.ticket import TransitionRefused
from sportello.tickets.words import Priority, Status

MOST = 10_000
STATUS_VERBS: dict[str, Callable[..., bool]] = {
    Status.OPEN: Ticket.start,
    Status.WAITING: Ticket.wait,
    Status.ON_HOLD: Ticket.hold,
    Status.SOLVED: Ticket.solve,
}
KNOWN = {"status", "priority", "team", "assignee", "add_tags", "remove_tags"}
State = BulkJob.State


class ChangeRefused(ValueError):
    """The change makes no sense; the text says why."""


@transaction.atomic
def start(owner: User, numbers: Iterable[int], change: dict[str, Any]) -> BulkJob:
    """Begin to change these tickets, as far as the person sees them. Raises ChangeRefused."""
    from sportello.tickets.jobs import run_bulk_job

    visible = list(Ticket.objects.visible_to(owner).filter(pk__in=list(numbers)[:MOST]).values_list("pk", flat=True))
    if not visible:
        raise ChangeRefused(_("Pick at least one ticket first."))
    job = BulkJob.objects.create(owner=owner, change=_checked(change), ticket_ids=visible, total=len(visible))
    run_bulk_job.enqueue(job.pk)
    return job


def _checked(change: dict[str, Any]) -> dict[str, Any]:
    if not change or set(change) - KNOWN:
        raise ChangeRefused(_("Choose what to change."))
    if "status" in change and change["status"] not in STATUS_VERBS:
        raise ChangeRefused(_("Tickets cannot be given that status."))
    if "priority" in change and str(change["priority"]) not in {str(p.value) for p in Priority}:
        raise ChangeRefused(_("There is no such priority."))
    if "team" in change and not Team.objects.active().filter(pk=_number(change["team"])).exists():
        raise ChangeRefused(_("There is no such team."))
    assignee = change.get("assignee")
    if assignee and assignee != "none" and not User.objects.staff().filter(pk=_number(assignee)).exists():
        raise ChangeRefused(_("There is no such colleague."))
    return change


def _number(value: Any) -> int:
    text = str(value)
    return int(text) if text.isdecimal() and len(text) < 18 else 0


def run(job: BulkJob) -> None:
    """Do what is left to do. Run again after a crash, it goes on where it stopped."""
    while job.done < job.total:
        job.refresh_from_db(fields=["state", "done", "failures", "before"])
        if job.state != State.RUNNING:
            return
        _one(job, job.ticket_ids[job.done])
        job.done += 1
        job.save(update_fields=["done", "failures", "before"])
        _show(job)
    BulkJob.objects.filter(pk=job.pk, state=State.RUNNING).update(state=State.DONE)
    _show(job)


def _show(job: BulkJob) -> None:
    tell("bulk", job=job.pk, owner=job.owner_id)


def _one(job: BulkJob, number: int) -> None:
    try:
        with transaction.atomic():
            ticket = Ticket.objects.visible_to(job.owner).get(pk=number)
            before = _picture(ticket)
            _change(ticket, job.change, job.owner)
            after = _picture(Ticket.objects.get(pk=number))
    except Ticket.DoesNotExist:
        _failed(job, number, _("It is not visible to you any more."))
    except PermissionError:
        _failed(job, number, _("You may not change it."))
    except TransitionRefused as refused:
        _failed(job, number, _("It is %(status)s.") % {"status": Status(refused.current).label})
    else:
        job.before[str(number)] = {"before": before, "after": after}


def _failed(job: BulkJob, number: int, why: str) -> None:
    job.failures = [*job.failures, {"ticket": number, "why": why}]


def _picture(ticket: Ticket) -> dict[str, Any]:
    return {
        "status": ticket.status,
        "priority": ticket.priority,
        "team": ticket.team_id,
        "assignee": ticket.assignee_id,
        "tags": sorted(ticket.tags.values_list("name", flat=True)),
    }


def _allow(allowed: bool) -> None:  # noqa: FBT001  reads as _allow(policy.can_change(…))
    if not allowed:
        raise PermissionError


def _change(ticket: Ticket, change: dict[str, Any], by: User) -> None:
    if set(change) - {"assignee"}:
        _allow(policy.can_change(by, ticket))
    if change.get("add_tags") or change.get("remove_tags"):
        ticket.tag(by=by, add=change.get("add_tags", ()), remove=change.get("remove_tags", ()))
    if "priority" in change:
        ticket.prioritise(int(change["priority"]), by=by)
    if "assignee" in change:
        assignee = None if change["assignee"] in ("none", None) else User.objects.get(pk=_number(change["assignee"]))
        _allow(policy.can_assign(by, ticket, assignee))
        ticket.assign_to(assignee, by=by)
    if "status" in change:
        STATUS_VERBS[change["status"]](ticket, by=by)
    if "team" in change:
        ticket.move_to(Team.objects.get(pk=_number(change["team"])), by=by)


def cancel(job: BulkJob) -> bool:
    """Stop before the next ticket."""
    stopped = BulkJob.objects.filter(pk=job.pk, state=State.RUNNING).update(state=State.CANCELLED)
    job.refresh_from_db()
    _show(job)
    return bool(stopped)


@transaction.atomic
def undo(job: BulkJob) -> bool:
    """Ask for everything to be put back where nothing newer has changed it."""
    from sportello.tickets.jobs import undo_bulk_job

    undoing = BulkJob.objects.filter(pk=job.pk, state__in=[State.DONE, State.CANCELLED]).update(state=State.UNDOING)
    if undoing:
        undo_bulk_job.enqueue(job.pk)
    job.refresh_from_db()
    return bool(undoing)


def run_undo(job: BulkJob) -> None:
    """Put back, ticket by ticket, what the job changed and nobody changed since."""
    for number, pictures in job.before.items():
        with transaction.atomic():
            ticket = Ticket.objects.filter(pk=number).first()
            if ticket is not None:
                _restore(ticket, pictures["before"], pictures["after"], job.owner)
    BulkJob.objects.filter(pk=job.pk).update(state=State.UNDONE)
    _show(job)


def _restore(ticket: Ticket, before: dict[str, Any], after: dict[str, Any], by: User) -> None:
    now = _picture(ticket)
    back = {name: before[name] for name in before if before[name] != after[name] and now[name] == after[name]}
    if "team" in back:
        ticket.move_to(Team.objects.get(pk=back["team"]), by=by)
    if "tags" in back:
        ticket.tag(by=by, add=set(back["tags"]) - set(now["tags"]), remove=set(now["tags"]) - set(back["tags"]))
    if "priority" in back:
        ticket.prioritise(back["priority"], by=by)
    if "assignee" in back:
        ticket.assign_to(User.objects.filter(pk=back["assignee"]).first(), by=by)
    if "status" in back:
        ticket.restore_status(back["status"], by=by)
