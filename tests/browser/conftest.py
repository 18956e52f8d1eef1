"""The desk and the browser that the tests of this folder share."""

import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import psycopg
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.browser.desk import Desk

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WCAG = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}
COLOURS_ARE_THERE = """() => Promise.all(document.getAnimations()
    .filter((one) => one instanceof CSSTransition).map((one) => one.finished))"""


@pytest.fixture(scope="session")
def database_url() -> Iterator[str]:
    """A database of its own where the tests run on PostgreSQL; empty for SQLite."""
    server = os.environ.get("DATABASE_URL", "")
    if not server:
        yield ""
        return
    name = f"browser_{os.getpid()}_{time.monotonic_ns()}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"create database {name}")
    yield server.rpartition("/")[0] + "/" + name


@pytest.fixture(scope="session")
def desk(tmp_path_factory: pytest.TempPathFactory, database_url: str) -> Iterator[Desk]:
    data: Path = tmp_path_factory.mktemp("desk")
    desk = Desk(data, {"DATABASE_URL": database_url} if database_url else {}).open()
    yield desk
    desk.close()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        yield browser
        browser.close()


class Person:
    """Somebody in front of a browser of their own. Errors on the console and refused content fail the test."""

    def __init__(self, desk: Desk, context: BrowserContext) -> None:
        self.desk, self.context = desk, context
        self.page: Page = context.new_page()
        self.page.set_default_timeout(10_000)
        self.trouble: list[str] = []
        self.page.on("pageerror", lambda error: self.trouble.append(str(error)))
        self.page.on("console", lambda m: self.trouble.append(m.text) if "Security Policy" in m.text else None)

    def goes_to(self, path: str) -> Page:
        self.page.goto(path if path.startswith("http") else self.desk.url + path)
        return self.page

    def signs_in(self, role: str) -> Page:
        login = self.desk.login(role)
        page = self.goes_to("/account/sign-in/")
        page.locator(
            "form:has(input[type=password]) input[type=email], form:has(input[type=password]) input[name=address]"
        ).first.fill(login["address"])
        page.locator("input[type=password]").fill(login["password"])
        page.locator(
            "form:has(input[type=password]) button[type=submit], form:has(input[type=password]) button.button--primary"
        ).first.click()
        page.wait_for_load_state()
        return page

    def barriers_by_day_and_night(self) -> list[str]:
        """In the light theme, and in the dark one, which stays on."""
        found = []
        schemes: list[Literal["light", "dark"]] = ["light", "dark"]
        for scheme in schemes:
            self.page.emulate_media(color_scheme=scheme)
            self.page.evaluate(COLOURS_ARE_THERE)
            found += self.barriers()
        return found

    def barriers(self) -> list[str]:
        """What axe finds against WCAG 2.2 AA on the page as it is."""
        results: dict[str, Any] = Axe().run(self.page, options=WCAG).response
        return [f"{v['id']}: {node['html'][:200]}" for v in results["violations"] for node in v["nodes"]]


@pytest.fixture
def somebody(desk: Desk, chromium: Browser) -> Iterator[Any]:
    """Makes people, each with a browser of their own; afterwards none of them may have seen an error."""
    people: list[Person] = []

    def make(**options: Any) -> Person:
        options = {"viewport": {"width": 1440, "height": 900}, "locale": "en-GB"} | options
        people.append(Person(desk, chromium.new_context(**options)))
        return people[-1]

    yield make
    for person in people:
        person.context.close()
    assert [trouble for person in people for trouble in person.trouble] == []
