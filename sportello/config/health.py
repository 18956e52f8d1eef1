"""Is the desk well? For machines: alive and ready. For people: what is wrong, and how to mend it."""

import re
import shutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from sportello.channels.email.fault_words import SEALED, SEALED_MEND
from sportello.channels.email.links import misled_among
from sportello.channels.email.models import InboundMail, Mailbox, OutgoingMail
from sportello.config.claim import open_desk
from sportello.config.mishaps import database_mend, knock, no_answer
from sportello.config.refusals import HOSTS_MEND, SECRET_MEND, misfit, weak_secret
from sportello.demo.loading import is_demo
from sportello.kernel.files import closed_folders, lost_files, store, try_to_keep
from sportello.kernel.jobs import oldest_waiting_seconds
from sportello.kernel.models import Job
from sportello.kernel.networks import opens_here_only
from sportello.kernel.room import is_disk_full
from sportello.kernel.schedule import last_begun
from sportello.people.models import User

OLDEST_JOB_SECONDS = 600
SMALLEST_FREE = 0.05
SILENT_AFTER = timedelta(minutes=15)
UNTENDED_AFTER = timedelta(minutes=3)


@dataclass(frozen=True)
class Finding:
    """`mend` says what to do; it is empty where all is well."""

    name: str
    ok: bool
    text: str
    mend: str = ""


@never_cache
@require_safe
def alive(request: HttpRequest) -> HttpResponse:
    """This process answers."""
    return JsonResponse({"status": "ok"})


@never_cache
@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """This process can do its work: 503 when database or store take nothing, or jobs wait too long.

    A job that failed for good is an administrator's business, and no reason to take the desk off the net.
    """
    ok = all(finding.ok for check in READINESS for finding in _safely(check))
    return JsonResponse({"status": "ok" if ok else "not ready"}, status=200 if ok else 503)


def _safely(check: Callable[[], Iterator[Finding]]) -> list[Finding]:
    try:
        return list(check())
    except DatabaseError as error:
        return [Finding(check.__name__.strip("_"), False, no_answer(error), database_mend(error))]


def _database() -> Iterator[Finding]:
    with connection.cursor() as cursor:
        cursor.execute("select 1")
    found = misfit()
    trouble = _in_place() or (None if found else _read_only())
    yield trouble or Finding("database", True, f"{connection.display_name} answers")
    yield Finding("schema", not found, found.text if found else "up to date", found.mend if found else "")


def _in_place() -> Finding | None:
    """SQLite goes on to answer when its file is taken away, and all that it is told then is lost."""
    if getattr(connection, "is_in_place", True):
        return None
    mend = "Stop the program, put the file back, and start it."
    return Finding("database", False, f"{connection.settings_dict['NAME']} was taken away or replaced", mend)


def _read_only() -> Finding | None:
    """Both databases answer questions long after they take nothing any more."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("delete from django_migrations where 1 = 0")
    except DatabaseError as error:
        if not re.search("read-?only", str(error)):
            raise
        place = connection.settings_dict["NAME"]
        mend = f"Let this user write {place}, the files beside it that begin so, and their folder."
        if connection.vendor == "postgresql":
            mend = "Name the server that takes writes in DATABASE_URL: this one is a copy, or was told to refuse them."
        return Finding("database", False, f"{connection.display_name} only reads {place}", mend)
    return None


def _storage() -> Iterator[Finding]:
    folder = settings.SPORTELLO_DATA
    try:
        try_to_keep()
        yield Finding("storage", True, str(folder))
    except OSError as error:
        mend = "Make room on its disk." if is_disk_full(error) else f"Let this user write into {store()}."
        yield Finding("storage", False, f"nothing can be kept in {store()} ({error.strerror or error})", mend)
    usage = shutil.disk_usage(folder)
    free = usage.free / usage.total
    enough = free > SMALLEST_FREE
    yield Finding(
        "disk", enough, f"{free:.0%} free", "" if enough else "Make room: mail is refused when the disk is full."
    )


def _files() -> Iterator[Finding]:
    if closed := next(closed_folders(), None):
        mend = f"Give {store()} and all that is in it to this user: chown -R."
        yield Finding("files", False, f"nothing can be kept in {closed}", mend)
        return  # which are lost cannot be seen
    lost = sum(1 for _blob in lost_files())
    mend = f"Bring them back into {store()} from a backup." if lost else ""
    yield Finding("files", not lost, f"{lost} lost" if lost else "all there", mend)


def _waiting_jobs() -> Iterator[Finding]:
    for lane, seconds in sorted(oldest_waiting_seconds().items()):
        ok = seconds < OLDEST_JOB_SECONDS
        mend = "" if ok else _to_have_jobs_done()
        yield Finding(f"jobs, {lane}", ok, f"the oldest waits {seconds:.0f} s", mend)


def _failed_jobs() -> Iterator[Finding]:
    failed = Job.objects.failed()
    newest = failed.first()
    if newest is None:
        yield Finding("failed jobs", True, "none")
        return
    text = f"{failed.count()} failed for good, the last one {newest.task} ({newest.last_error})"
    mend = "sportello jobs list names them all. Mend the cause, then: sportello jobs retry --all, or discard --all."
    yield Finding("failed jobs", False, text, mend)


def _worker() -> Iterator[Finding]:
    """Mail is fetched every minute, so a desk at work has begun something lately."""
    newest = last_begun()
    works = newest is not None and timezone.now() - newest < UNTENDED_AFTER
    since = f"none works since {newest:%Y-%m-%d %H:%M} UTC" if newest else "none has worked yet"
    yield Finding("worker", works, "at work" if works else since, "" if works else _to_have_jobs_done())


def _to_have_jobs_done() -> str:
    """Who does the jobs here? The desk that is open on this folder, or else somebody has to be started."""
    about = open_desk(settings.SPORTELLO_DATA)
    if about is None:
        return "Start the desk (bin/run), or a worker beside the other processes (sportello worker)."
    return "The desk is open but does not get to it: what it logs says why. Starting it anew helps when it hangs."


def _mail() -> Iterator[Finding]:
    boxes = list(Mailbox.objects.active())
    yield Finding(
        "mailboxes", bool(boxes), f"{len(boxes)} in use", "" if boxes else "Add one under Settings, New mailbox."
    )
    for box in boxes:
        if box.is_locked:
            yield Finding(box.address, False, str(SEALED), str(SEALED_MEND))
            continue
        for since, error in box.troubles:
            yield Finding(
                box.address,
                False,
                f"failing since {since:%Y-%m-%d %H:%M} UTC: {error}",
                "Test it on its page under Settings.",
            )
        silent_since = box.last_success_at or box.created_at
        if box.imap_host and not box.failing_since and timezone.now() - silent_since > SILENT_AFTER:
            yield Finding(box.address, False, "has not been read lately", _to_have_jobs_done())
    held = InboundMail.objects.quarantined().count()
    yield Finding("quarantine", not held, f"{held} mails wait", "Look at them under Mail, Quarantine." if held else "")
    stuck = OutgoingMail.objects.stuck().count()
    yield Finding("outgoing mail", not stuck, f"{stuck} not delivered", "Look at them under Mail." if stuck else "")


def _settings() -> Iterator[Finding]:
    weak = weak_secret(settings.SECRET_KEY)
    yield Finding("secret key", not weak, weak or "your own", SECRET_MEND if weak else "")
    yield Finding(
        "debug pages",
        not settings.DEBUG,
        "on" if settings.DEBUG else "off",
        "Unset SPORTELLO_DEBUG." if settings.DEBUG else "",
    )
    anything = "*" in settings.ALLOWED_HOSTS
    yield Finding("hosts", not anything, "any" if anything else "your own", HOSTS_MEND if anything else "")


def _address() -> Iterator[Finding]:
    """A local address is wrong as soon as mail leaves this machine: nobody elsewhere can open the links in it."""
    about = open_desk(settings.SPORTELLO_DATA)
    if about is not None:
        yield Finding("desk", True, f"open at {about['url']}" if "url" in about else "starting or stopping")
    address = (about or {}).get("url") or settings.SPORTELLO_URL
    local = opens_here_only(address)
    text, mend = (f"{address}, for this machine only" if local else address), ""
    if misled_among(Mailbox.objects.active(), address):
        mend = "Set SPORTELLO_URL to the address that customers open: links in mails begin with it."
    elif not local and not address.startswith("https://"):
        text = f"{address}, not encrypted"
        mend = "Put TLS in front, and set SPORTELLO_URL to the https:// address."
    yield Finding("address", not mend, text, mend)
    if not local and is_demo():
        mend = "For real work start an empty desk: bin/run --empty --data FOLDER"
        yield Finding("demo", False, "open to others, and its logins are public", mend)


def _people() -> Iterator[Finding]:
    some = User.objects.administrators().exists()
    yield Finding(
        "administrator", some, "there is one" if some else "there is none", "" if some else "Open the set-up page."
    )


READINESS = (_database, _storage, _waiting_jobs)
WITHOUT_TABLES = (_storage, _settings)
EVERYTHING = (_database, _storage, _files, _worker, _waiting_jobs, _failed_jobs, _mail, _settings, _address, _people)


def findings() -> list[Finding]:
    """What is in the way of everything else is said once, and what depends on it is left out."""
    try:
        knock()
        fits = misfit() is None
    except DatabaseError as error:
        return [Finding("database", False, no_answer(error), database_mend(error)), *_of(WITHOUT_TABLES)]
    return _of(EVERYTHING if fits else (_database, *WITHOUT_TABLES))


def _of(checks: Iterable[Callable[[], Iterator[Finding]]]) -> list[Finding]:
    return [finding for check in checks for finding in _safely(check)]
