"""Is the whole interface, and every mail, said in each language?"""

import re
from pathlib import Path

import polib
import pytest
from django.conf import settings

LOCALE = Path(settings.LOCALE_PATHS[0])
SOURCES = LOCALE.parent
MARKED = re.compile(r'{%\s*(?:trans|translate)\s+"((?:[^"\\]|\\.)*)"|{%\s*(?:trans|translate)\s+\'((?:[^\'\\]|\\.)*)\'')
IN_CODE = re.compile(r'\b(?:_|gettext|gettext_lazy|gettext_noop)\(\s*"((?:[^"\\]|\\.)*)"\s*\)')
PLACEHOLDER = re.compile(r"%\(\w+\)s|{\w*}")
OTHERS = [code for code, _name in settings.LANGUAGES if code != "en"]


def marked_strings() -> set[str]:
    found: set[str] = set()
    for path in SOURCES.rglob("*"):
        if "tests" in path.parts or "migrations" in path.parts or path.suffix not in (".html", ".txt", ".py"):
            continue
        pattern = IN_CODE if path.suffix == ".py" else MARKED
        for match in pattern.finditer(path.read_text(encoding="utf-8")):
            text = next((group for group in match.groups() if group is not None), "")
            found.add(text.replace('\\"', '"').replace("\\n", "\n"))
    return found - {""}


def catalogue(code: str) -> polib.POFile:
    return polib.pofile(str(LOCALE / code / "LC_MESSAGES" / "django.po"))


@pytest.mark.parametrize("code", OTHERS)
def test_no_string_is_left_untranslated(code: str) -> None:
    known = {entry.msgid: entry for entry in catalogue(code) if not entry.obsolete}
    assert sorted(marked_strings() - set(known)) == []
    assert [entry.msgid for entry in known.values() if not entry.translated()] == []


@pytest.mark.parametrize("code", OTHERS)
def test_placeholders_survive_translation(code: str) -> None:
    for entry in catalogue(code):
        texts = list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]
        wanted = set(PLACEHOLDER.findall(entry.msgid_plural or entry.msgid))
        for text in texts:
            assert set(PLACEHOLDER.findall(text)) == wanted, entry.msgid


def test_romanian_has_its_three_plural_forms() -> None:
    assert {len(entry.msgstr_plural) for entry in catalogue("ro") if entry.msgid_plural} == {3}
