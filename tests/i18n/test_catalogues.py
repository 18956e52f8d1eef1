"""Does `bin/messages` add what a catalogue lacks, and touch nothing else?"""

from pathlib import Path

import polib

from tests.i18n.catalogues import refresh
from tests.i18n.marked import Text

DAY, DAYS, OPEN = Text("", "Day", ""), Text("", "%(n)s day", "%(n)s days"), Text("verb", "Open", "")


def test_a_new_language_begins_with_every_text_and_its_plural_forms(tmp_path: Path) -> None:
    path = tmp_path / "pl" / "LC_MESSAGES" / "django.po"
    assert refresh(path, "pl", {DAY, DAYS, OPEN}) == ({DAY, DAYS, OPEN}, set())
    catalogue = polib.pofile(str(path))
    assert catalogue.metadata["Plural-Forms"].startswith("nplurals=3;")
    assert {(e.msgctxt or "", e.msgid, e.msgid_plural, len(e.msgstr_plural)) for e in catalogue} == {
        (*DAY, 0), (*DAYS, 3), (*OPEN, 0),
    }  # fmt: skip


def test_what_is_translated_stays_as_it_is_and_what_nobody_says_is_named(tmp_path: Path) -> None:
    path = tmp_path / "it" / "LC_MESSAGES" / "django.po"
    refresh(path, "it", {DAY, OPEN})
    before = path.read_text().replace('msgid "Day"\nmsgstr ""', 'msgid "Day"\nmsgstr "Giorno"')
    path.write_text(before)
    assert refresh(path, "it", {DAY, DAYS}) == ({DAYS}, {OPEN})
    assert path.read_text().startswith(before) and "Giorno" in before
