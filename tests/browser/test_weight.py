"""How heavy is the queue for a real browser, with all that it asks for, on the first visit and on the next?"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.desk import Desk

pytestmark = [pytest.mark.browser, pytest.mark.only_sqlite]

KB = 1024
OVER_THE_WIRE = """() => performance.getEntries()
    .filter((one) => one.transferSize)
    .reduce((sum, one) => sum + one.transferSize, 0)"""


@pytest.fixture
def busy(tmp_path: Path) -> Iterator[tuple[Desk, dict[str, Any]]]:
    """A desk with the tickets of the measurements in `bench/`, more than one page of them, and one who is signed in."""
    key = "of-the-weight-0123456789-0123456789-0123456789-0123456789"
    environment = {"SPORTELLO_DATA": str(tmp_path), "SPORTELLO_SECRET_KEY": key}
    outer = {name: value for name, value in os.environ.items() if not name.startswith(("SPORTELLO_", "DJANGO_"))}
    fill = [sys.executable, "-m", "bench.generate", "600"]
    filled = json.loads(subprocess.check_output(fill, env=outer | environment, timeout=60))
    desk = Desk(tmp_path, environment, ("--empty",)).open()
    yield desk, filled
    desk.close()


def weight_of(page: Page, url: str) -> int:
    """Bytes with 300 for the headers of each answer, as browsers count."""
    page.goto(url)
    page.wait_for_load_state("load")
    assert page.locator(".ticket-row").count() == 50
    return int(page.evaluate(OVER_THE_WIRE))


def test_the_queue_takes_60_kb_at_first_and_20_kb_after_that(
    busy: tuple[Desk, dict[str, Any]], chromium: Browser
) -> None:
    desk, filled = busy
    name, _is, value = filled["cookie"].partition("=")
    context = chromium.new_context()
    context.add_cookies([{"name": name, "value": value, "url": desk.url}])
    page = context.new_page()
    assert weight_of(page, f"{desk.url}/desk/queue/all/") < 60 * KB
    assert weight_of(page, f"{desk.url}/desk/queue/all/") < 20 * KB
    context.close()
