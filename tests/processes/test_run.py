"""Does the whole desk start on an empty folder, stop when it is told, and come back with everything?"""

import signal
import time
import urllib.request  # noqa: TID251  loopback only
from pathlib import Path

import pytest

from tests.browser.desk import Desk, a_mail, eventually
from tests.processes.parts import Browser

PASSWORD = "counter-bell-42"
pytestmark = pytest.mark.only_sqlite  # the one-process desk; PostgreSQL has a process for each part


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
    assert not note.exists() and desk.process is not None and desk.process.returncode == 0


def test_a_second_start_is_quick_and_has_lost_nothing(tmp_path: Path) -> None:
    desk = Desk(tmp_path).open()
    desk.post_mail(a_mail("ana@client.example", desk.about["mailbox"], "Kept over the night", "Still here?"))
    eventually(lambda: desk.api("tickets?limit=1")["items"][0]["subject"] == "Kept over the night")
    before = desk.api("tickets?limit=200")["items"]
    desk.close()
    began = time.monotonic()
    desk.open()
    assert time.monotonic() - began < 10  # three on a quiet machine; this catches a start that loads the demo again
    assert [t["number"] for t in desk.api("tickets?limit=200")["items"]] == [t["number"] for t in before]
    desk.close()


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
