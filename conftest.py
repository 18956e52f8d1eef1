"""What holds for every test: no skips, no packet off this machine, one database at a time, nothing left in caches."""

import os
from collections.abc import Generator, Iterator

import hypothesis
import pytest
from django.core.cache import cache
from django.db import connection

from tests import dovecot, loopback

# pytest-django read tests/settings.py; programs that a test starts are the real thing, on the same data folder.
os.environ["DJANGO_SETTINGS_MODULE"] = "sportello.config.settings"
loopback.stay_on_loopback()
hypothesis.settings.register_profile("sportello", deadline=None, database=None, derandomize="CI" in os.environ)
hypothesis.settings.load_profile("sportello")

ELSEWHERE = {"sqlite": "only_postgresql", "postgresql": "only_sqlite"}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """A test about one database is not there on the other one: left out, not skipped."""
    marker = ELSEWHERE[connection.vendor]
    elsewhere = [item for item in items if item.get_closest_marker(marker)]
    config.hook.pytest_deselected(items=elsewhere)
    items[:] = [item for item in items if not item.get_closest_marker(marker)]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.skipped or hasattr(report, "wasxfail"):
        reason = getattr(report, "wasxfail", None) or report.longrepr
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} was skipped or expected to fail; a test runs and passes, or goes. {reason}"
        vars(report).pop("wasxfail", None)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    if report.skipped:
        report.outcome = "failed"
        report.longrepr = f"{collector.nodeid} skips itself; a test runs and passes, or goes. {report.longrepr}"
    return report


@pytest.fixture(autouse=True)
def _nothing_leaves_this_machine() -> Iterator[None]:
    loopback.ESCAPES.clear()
    yield
    assert not loopback.ESCAPES, f"This test tried to leave loopback: {loopback.ESCAPES}"


@pytest.fixture(autouse=True)
def _nothing_stays_in_the_cache() -> Iterator[None]:
    yield
    cache.clear()


@pytest.fixture(scope="session")
def _dovecot() -> Iterator[dovecot.Dovecot]:
    with dovecot.running() as server:
        yield server


@pytest.fixture
def inbox(_dovecot: dovecot.Dovecot) -> dovecot.Inbox:
    """An empty mailbox at a real IMAP server."""
    return _dovecot.new_inbox()
