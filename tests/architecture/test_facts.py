"""Does docs/architecture.md show the facts, where they are written and what reacts, as they are?"""

from io import StringIO

import pytest
from django.core.management import call_command

from sportello.kernel.event_table import written_in
from tests.architecture.rules import ROOT

pytestmark = pytest.mark.only_sqlite


def rows_in_docs() -> list[str]:
    text = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
    section = text.partition("### Who writes them, and what reacts\n")[2].partition("\n## ")[0]
    return [line for line in section.splitlines() if line.startswith("|")]


def test_the_table_of_facts_in_the_docs_is_current() -> None:
    out = StringIO()
    call_command("events", stdout=out)
    assert rows_in_docs() == out.getvalue().splitlines(), "put into docs/architecture.md what `sportello events` prints"


def test_every_fact_is_written_somewhere() -> None:
    assert [row for row in rows_in_docs() if not row.split("|")[3].strip()] == []


def test_who_makes_a_fact_is_told_from_who_only_asks() -> None:
    writes = (
        "record(TicketOpened(1))\n_move(TicketClosed, 'x')\n_move(TicketReopened if solved else TicketStarted, 'x')\n"
    )
    assert {"TicketOpened", "TicketClosed", "TicketReopened", "TicketStarted"} <= written_in(writes)
    asks = (
        "@on(TicketOpened)\ndef f(event: TicketOpened): isinstance(event, TicketClosed)\nfind(kind=TicketSolved.kind)\n"
    )
    assert {name for name in written_in(asks) if name.startswith("Ticket")} == set()
