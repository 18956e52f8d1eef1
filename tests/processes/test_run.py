"""Does the whole desk start on an empty folder, stop when it is told, and come back with everything?"""

import signal
import time
import urllib.request  # noqa: TID251  loopback only
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection

from tests.browser.desk import Desk, a_mail, eventually, memory_of
from tests.processes.parts import Browser, fresh_database

PASSWORD = "counter-bell-42"
MB = 1024 * 1024


@pytest.fixture
def environment() -> Iterator[dict[str, str]]:
    """What points the desk at an empty database of its own: a file in its folder, or one in the server of the tests."""
    if connection.vendor == "sqlite":
        yield {}
        return
    with fresh_database() as address:
        yield {"DATABASE_URL": address}


@pytest.mark.only_sqlite
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_desk_that_is_told_to_stop_drains_and_says_so(tmp_path: Path, number: int) -> None:
    desk = Desk(tmp_path).open()
    note = tmp_path / "run.json"
    kept = [place for place in [tmp_path, *tmp_path.rglob("*")] if place.name != "out.log"]
    assert {place.name for place in kept if place.stat().st_mode & 0o077} == set()
    assert desk.close(number) < 10
    said = (tmp_path / "out.log").read_text()
    assert "Stopped. Everything is kept" in said and "Traceback" not in said
    assert f"/desk/\n  For customers:     {desk.url}/\n" in said
    assert f"SPORTELLO_DATA={tmp_path} .venv/bin/sportello" in said and "    Light agent " in said
    assert f"The customer signs in at {desk.url}/, the others at {desk.url}/desk/." in said
    assert not note.exists() and desk.process is not None and desk.process.returncode == 0


def test_a_second_start_takes_three_seconds_and_has_lost_nothing(tmp_path: Path, environment: dict[str, str]) -> None:
    desk = Desk(tmp_path, environment).open()
    desk.post_mail(a_mail("ana@client.example", desk.about["mailbox"], "Kept over the night", "Still here?"))
    eventually(lambda: desk.api("tickets?limit=1")["items"][0]["subject"] == "Kept over the night")
    before = desk.api("tickets?limit=200")["items"]
    desk.close()
    assert min(seconds_to_the_first_page(desk) for _ in range(3)) < 3
    desk.open()
    assert [t["number"] for t in desk.api("tickets?limit=200")["items"]] == [t["number"] for t in before]
    desk.close()


def seconds_to_the_first_page(desk: Desk) -> float:
    """Without those in which it stood ready and others had the processor."""
    began = time.monotonic()
    desk.open()
    with urllib.request.urlopen(desk.url, timeout=20) as page:  # noqa: TID251  loopback only
        assert page.status == 200
    took = time.monotonic() - began
    assert desk.process
    _ran, stood_ready, _turns = Path(f"/proc/{desk.process.pid}/schedstat").read_text().split()  # nanoseconds
    desk.close()
    return took - int(stood_ready) / 1e9


def test_the_whole_desk_at_rest_takes_less_than_200_mb(tmp_path: Path, environment: dict[str, str]) -> None:
    desk = Desk(tmp_path, environment).open()
    assert desk.process and memory_of(desk.process) < 200 * MB
    desk.close()


@pytest.mark.only_sqlite
def test_a_folder_with_the_demo_says_that_it_cannot_be_empty(tmp_path: Path) -> None:
    Desk(tmp_path).open().close()
    desk = Desk(tmp_path, arguments=("--empty",)).open()
    assert "logins" in desk.about
    desk.close()
    said = (tmp_path / "out.log").read_text()
    assert "This folder holds the demo already, so --empty changed nothing: choose another with --data." in said


@pytest.mark.only_sqlite
def test_an_empty_desk_begins_with_its_set_up_page(tmp_path: Path) -> None:
    desk = Desk(tmp_path, arguments=("--empty",)).open()
    assert set(desk.about) == {"url", "smtp_port", "setup_code"}
    assert (tmp_path / "run.json").stat().st_mode & 0o777 == 0o600
    assert f"Set-up code:       {desk.about['setup_code']}" in (tmp_path / "out.log").read_text()
    with urllib.request.urlopen(desk.url, timeout=20) as page:  # noqa: TID251  loopback only
        assert page.url.endswith("/account/setup/")
    firm = {"firm": "Alba", "team": "Support", "name": "Ana", "address": "ana@alba.example", "password": PASSWORD}
    founder = Browser()
    with pytest.raises(AssertionError, match="That is not the code"):
        founder.post(
            f"{desk.url}/account/setup/", **firm, language="en", time_zone="Europe/Rome", code="AAAA-BBBB-CCCC"
        )
    code = desk.about["setup_code"]
    assert "Alba" in founder.post(
        f"{desk.url}/account/setup/", **firm, language="en", time_zone="Europe/Rome", code=code
    )
    desk.close()
    desk.open()
    assert "setup_code" not in desk.about
    desk.close()
