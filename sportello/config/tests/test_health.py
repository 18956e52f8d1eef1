"""Does the desk know when it is not well, and does it refuse to start unsafely?"""

import json
import re
import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from django.urls import get_resolver
from django.utils import timezone

from sportello.channels.email.models import Mailbox
from sportello.channels.email.testing import ADDRESS, make_mailbox
from sportello.config.claim import claim, put_note
from sportello.config.env import DEMO_SECRET
from sportello.config.health import findings
from sportello.config.logs import hide_secrets
from sportello.config.refusals import refuse_unsafe_start
from sportello.config.tests.another_user import a_folder_in_reach, closed_to_this_user
from sportello.demo.loading import demo_desk
from sportello.kernel.files import keep, store
from sportello.kernel.models import Job, ScheduleRun, State

pytestmark = pytest.mark.django_db


def test_a_living_process_says_so_and_nothing_else(client: Client) -> None:
    answer = client.get("/health/")
    assert (answer.status_code, json.loads(answer.content)) == (200, {"status": "ok"})


def test_a_ready_process_says_so(client: Client) -> None:
    assert client.get("/health/ready/").status_code == 200


def test_health_takes_no_posts(client: Client) -> None:
    assert client.post("/health/").status_code == 405


def test_the_doctor_names_what_is_wrong_and_how_to_mend_it() -> None:
    wrong = {finding.name: finding.mend for finding in findings() if not finding.ok}
    assert wrong["administrator"] == "Open the set-up page."
    assert wrong["mailboxes"] == "Add one under Settings, New mailbox."
    with pytest.raises(SystemExit):
        call_command("doctor")


def test_the_doctor_counts_the_files_that_are_lost(settings: LazySettings) -> None:
    keep(b"a meter reading")
    assert [finding.ok for finding in findings() if finding.name == "files"] == [True]
    settings.SPORTELLO_DATA = settings.SPORTELLO_DATA / "elsewhere"
    settings.SPORTELLO_DATA.mkdir(exist_ok=True)
    (finding,) = [finding for finding in findings() if finding.name == "files"]
    assert not finding.ok and finding.text == "1 lost" and "from a backup" in finding.mend


def _texts(name: str) -> list[str]:
    return [finding.text for finding in findings() if finding.name == name and not finding.ok]


def test_where_no_file_can_be_kept_the_desk_is_not_ready(
    settings: LazySettings, tmp_path: Path, client: Client
) -> None:
    settings.SPORTELLO_DATA = tmp_path
    (tmp_path / "files").touch()  # no folder, so nobody can write into it
    assert client.get("/health/ready/").status_code == 503
    (said,) = _texts("storage")
    assert said == f"nothing can be kept in {tmp_path}/files (Not a directory)"
    assert _wrong()["storage"] == f"Let this user write into {tmp_path}/files."
    (tmp_path / "files").unlink()
    assert client.get("/health/ready/").status_code == 200
    assert [place.name for place in tmp_path.iterdir()] == []


@pytest.mark.parametrize("depth", [0, 1, 2])
def test_a_folder_of_another_user_in_the_store_is_named(settings: LazySettings, depth: int) -> None:
    with a_folder_in_reach() as settings.SPORTELLO_DATA:
        name = keep(b"a meter reading").sha256
        folders = [store(), store() / name[:2], store() / name[:2] / name[2:4]]
        for folder in folders:
            folder.chmod(0o777)
        with closed_to_this_user(folders[depth]):
            assert _texts("files") == [f"nothing can be kept in {folders[depth]}"]
            assert _wrong()["files"] == f"Give {store()} and all that is in it to this user: chown -R."


@pytest.mark.only_sqlite
def test_a_file_that_may_only_be_read_is_not_ready(client: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute("pragma query_only = on")
        try:
            assert client.get("/health/ready/").status_code == 503
            assert re.match("Let this user write .*, the files beside it", _wrong()["database"])
        finally:
            cursor.execute("pragma query_only = off")
    assert client.get("/health/ready/").status_code == 200


@pytest.mark.only_postgresql
def test_a_server_that_only_reads_is_not_ready(client: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute("set transaction read only")
    assert client.get("/health/ready/").status_code == 503
    assert _wrong()["database"].startswith("Name the server that takes writes in DATABASE_URL")


def _failed_job() -> Job:
    return Job.objects.create(
        task="sportello.channels.email.jobs.read_mail",
        lane="mail",
        state=State.FAILED,
        last_error="OSError: no room",
        finished_at=datetime(2026, 11, 30, 9, 5, tzinfo=UTC),
    )


def test_a_job_that_failed_is_told_and_takes_no_desk_off_the_net(client: Client) -> None:
    _failed_job()
    assert client.get("/health/ready/").status_code == 200
    assert _texts("failed jobs") == [
        "1 failed for good, the last one sportello.channels.email.jobs.read_mail (OSError: no room)"
    ]
    assert "sportello jobs retry --all" in _wrong()["failed jobs"]


def test_failed_jobs_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("jobs", "list")
    assert capsys.readouterr().out == "No job has failed for good.\n"
    number = _failed_job().pk
    call_command("jobs", "list")
    line = f"{number}  2026-11-30 09:05 UTC  sportello.channels.email.jobs.read_mail  OSError: no room\n"
    assert capsys.readouterr().out == line


def test_failed_jobs_begin_again_or_are_forgotten(capsys: pytest.CaptureFixture[str]) -> None:
    first, second, third = (_failed_job() for _ in range(3))
    call_command("jobs", "retry", str(first.pk))
    call_command("jobs", "discard", str(second.pk))
    assert Job.objects.get(pk=first.pk).state == State.READY
    assert list(Job.objects.failed()) == [third]
    call_command("jobs", "retry", "--all")
    assert not Job.objects.failed().exists()
    assert capsys.readouterr().out == "1 begin again.\n1 forgotten.\n1 begin again.\n"


@pytest.mark.parametrize("act", ["retry", "discard"])
def test_which_failed_job_is_meant_has_to_be_said(act: str) -> None:
    number = _failed_job().pk
    for unclear in ([], [str(number), "--all"]):
        with pytest.raises(CommandError, match=rf"^Say which: sportello jobs {act} NUMBER, or --all\.$"):
            call_command("jobs", act, *unclear)
    with pytest.raises(CommandError, match=r"^No job 404404 has failed for good\."):
        call_command("jobs", act, str(number), "404404")
    assert Job.objects.failed().count() == 1


def _wrong() -> dict[str, str]:
    return {finding.name: finding.mend for finding in findings() if not finding.ok}


def test_a_new_mailbox_has_time_to_be_read() -> None:
    box = make_mailbox(imap_host="imap.example.com")
    assert box.address not in _wrong()
    Mailbox.objects.filter(pk=box.pk).update(created_at=timezone.now() - timedelta(minutes=16))
    assert _wrong()[box.address].startswith("Start the desk (bin/run), or a worker")


def test_a_mailbox_whose_password_was_sealed_with_another_key_is_not_well(settings: LazySettings) -> None:
    box = make_mailbox(imap_host="imap.example.com")
    box.keep_passwords(imap="a password")
    box.save(update_fields=["imap_sealed"])
    assert box.address not in _wrong()
    settings.SPORTELLO_SEAL_KEYS = ["another key"]
    assert _wrong()[box.address].startswith("Add the old key to SPORTELLO_SEAL_KEYS")


def test_a_desk_that_is_open_needs_no_worker(settings: LazySettings, tmp_path: Path) -> None:
    settings.SPORTELLO_DATA = tmp_path
    assert claim(tmp_path)
    put_note(tmp_path, {"url": "http://localhost:8731"})
    make_mailbox(imap_host="imap.example.com", created_at=timezone.now() - timedelta(minutes=16))
    wrong = _wrong()
    assert "worker" not in " ".join(wrong.values()) and wrong[ADDRESS].startswith("The desk is open")
    assert {
        "desk": "open at http://localhost:8731",
        "address": "http://localhost:8731, for this machine only",
    }.items() <= {finding.name: finding.text for finding in findings()}.items()


def test_a_local_address_is_wrong_when_mail_leaves_this_machine() -> None:
    assert "address" not in _wrong()
    make_mailbox(smtp_host="smtp.example.com")
    assert _wrong()["address"].startswith("Set SPORTELLO_URL")


def test_the_doctor_misses_a_worker_after_three_minutes() -> None:
    assert _wrong()["worker"].startswith("Start the desk (bin/run), or a worker")
    run = ScheduleRun.objects.create(name="fetch mail", due=timezone.now() - timedelta(minutes=2))
    assert "worker" not in _wrong()
    ScheduleRun.objects.filter(pk=run.pk).update(due=timezone.now() - timedelta(minutes=4))
    assert "worker" in _wrong()


@pytest.mark.parametrize(
    ("address", "is_well"),
    [("http://help.example.com", False), ("https://help.example.com", True), ("http://localhost:8000", True)],
)
def test_what_others_open_is_encrypted(settings: LazySettings, address: str, is_well: bool) -> None:
    settings.SPORTELLO_URL = address
    assert ("address" not in _wrong()) is is_well


@pytest.mark.parametrize("secret", [DEMO_SECRET, "short", "change-me", "a" * 50])
def test_the_doctor_and_the_start_think_the_same_of_a_secret(settings: LazySettings, secret: str) -> None:
    settings.SECRET_KEY = secret
    assert "SPORTELLO_SECRET_KEY" in _wrong()["secret key"]
    with pytest.raises(CommandError, match="SPORTELLO_SECRET_KEY"):
        refuse_unsafe_start()


def test_the_doctor_and_the_start_think_the_same_of_any_host(settings: LazySettings) -> None:
    assert "hosts" not in _wrong()
    settings.ALLOWED_HOSTS = ["*"]
    assert _wrong()["hosts"] == "Name your hosts in SPORTELLO_HOSTS instead of *."
    with pytest.raises(CommandError, match="SPORTELLO_HOSTS"):
        refuse_unsafe_start()


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [("SECRET_KEY", DEMO_SECRET, "SPORTELLO_SECRET_KEY"), ("SECRET_KEY", "short", "SPORTELLO_SECRET_KEY"),
     ("DEBUG", True, "SPORTELLO_DEBUG"), ("ALLOWED_HOSTS", ["*"], "SPORTELLO_HOSTS")],
)  # fmt: skip
def test_production_refuses_an_unsafe_start(settings: object, name: str, value: object, said: str) -> None:
    setattr(settings, name, value)
    with pytest.raises(CommandError, match=said):
        refuse_unsafe_start()


@pytest.mark.parametrize(("part", "option"), [("web", "port"), ("intake", "smtp_port")])
def test_a_part_whose_port_is_taken_says_so(part: str, option: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(
            CommandError, match=f"^Port {port} is taken. Choose another with --{option.replace('_', '-')}.$"
        ):
            call_command(part, **{option: port})


@pytest.mark.parametrize("part", ["web", "worker", "intake", "migrate"])
def test_an_older_program_leaves_a_newer_database_alone(part: str, client: Client) -> None:
    MigrationRecorder(connection).record_applied("tickets", "0099_future")
    said = (
        r"^The database does not fit this version: a newer one has changed it \(tickets\.0099_future\)\. Take the newer"
    )
    with pytest.raises(CommandError, match=said):
        call_command(part)
    assert _wrong()["schema"] == "Take the newer program again, or restore the backup that you made before it."
    assert client.get("/health/ready/").status_code == 503


def test_a_safe_installation_starts() -> None:
    refuse_unsafe_start()


def test_secrets_stay_out_of_the_log() -> None:
    event = {"event": "asked /r/abc123 with Bearer spo_xyz", "password": "hunter2", "address": "ana@example.com"}
    assert hide_secrets(None, "info", event) == {
        "event": "asked /r/… with Bearer …", "password": "…", "address": "ana@example.com",
    }  # fmt: skip


def _addresses(start: str, patterns: list[Any]) -> Iterator[str]:
    for pattern in patterns:
        way = start + str(pattern.pattern)
        yield from _addresses(way, pattern.url_patterns) if hasattr(pattern, "url_patterns") else [way]


def test_no_address_that_opens_by_itself_is_logged() -> None:
    """Whatever text an address takes is a secret, but for the names of files."""
    secret = [way for way in _addresses("/", get_resolver().url_patterns) if re.search("<str:(?!name>)", way)]
    assert "/account/password/<str:token>/" in secret and "/r/<str:token>/answer/" in secret
    for way in secret:
        asked = re.sub("<str:[^>]*>", "9Euj1K-abc:x_y", re.sub("<int:[^>]*>", "7", way.replace("<str:name>", "plan")))
        said = hide_secrets(None, "info", {"event": f"Bad Request: {asked}"})["event"]
        assert "9Euj1K" not in said and said.startswith("Bad Request: /"), way


def test_other_addresses_are_logged_as_they_are() -> None:
    event = {"event": "Not Found: /desk/tickets/7/files/8/plan.pdf"}
    assert hide_secrets(None, "info", dict(event)) == event


def test_a_demo_that_others_can_reach_is_wrong(settings: LazySettings) -> None:
    demo_desk()
    settings.SPORTELLO_URL = "https://help.example.com"
    assert _wrong()["demo"] == "For real work start an empty desk: bin/run --empty --data FOLDER"
    settings.SPORTELLO_URL = "http://localhost:8000"
    assert "demo" not in _wrong()
