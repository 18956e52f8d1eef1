"""What holds for every test: no skips, no packet off this machine, one database at a time, nothing left in caches."""

import os
import platform
from collections.abc import Generator, Iterator

import hypothesis
import pytest
from django.core.cache import cache
from django.db import connection

from tests import dovecot, loopback

# pytest-django read tests/settings.py; programs that a test starts are the real thing, on the same data folder.
os.environ["DJANGO_SETTINGS_MODULE"] = "sportello.config.settings"
loopback.stay_on_loopback()
hypothesis.settings.register_profile("sportello", deadline=None, database=None, derandomize=bool(os.environ.get("CI")))
hypothesis.settings.load_profile("sportello")

HERE = {
    "only_sqlite": connection.vendor == "sqlite",
    "only_postgresql": connection.vendor == "postgresql",
    "only_glibc": platform.libc_ver()[0] == "glibc",
}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """A test about another database or another C library is not there: left out, not skipped."""
    elsewhere = {item for item in items if any(item.get_closest_marker(name) and not HERE[name] for name in HERE)}
    config.hook.pytest_deselected(items=[item for item in items if item in elsewhere])
    items[:] = [item for item in items if item not in elsewhere]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    would_elsewhere = report.when == "call" and item.get_closest_marker("skipif")
    if report.skipped or hasattr(report, "wasxfail") or would_elsewhere:
        reason = getattr(report, "wasxfail", None) or report.longrepr or "Elsewhere it would be."
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
