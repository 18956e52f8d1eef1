"""Is the whole interface, and every mail, said in each language?"""

import re
from pathlib import Path

import polib
import pytest
from django.conf import settings

from sportello.channels.email.language import SPOKEN
from sportello.channels.email.quote_phrases import STARTS, VERBS
from tests.i18n.marked import Text, in_code, in_template, marked_texts

LOCALE = Path(settings.LOCALE_PATHS[0])
SOURCES = LOCALE.parent
PLACEHOLDER = re.compile(r"%\(\w+\)s|{\w*}")
OTHERS = [code for code, _name in settings.LANGUAGES if code != "en"]
PLURAL_FORMS = {"it": 2, "ro": 3}
FAMILIAR = {
    "it": re.compile(
        r"\b(tu|tuo|tua|tuoi|tue|hai|puoi|vuoi|sei)\b|^(scegli|controlla|chiedi|usa|prova con|fai|invita i|collega) ",
        re.IGNORECASE,
    ),
    "ro": re.compile(
        r"\b(tu|tău|tăi|tale|ești|poți|vrei|scriai)\b|^(alege|verifică|întreabă|folosește|invită|conectează) ",
        re.IGNORECASE,
    ),
}


def test_what_screens_speak_mail_understands() -> None:
    spoken = dict(settings.LANGUAGES)
    assert set(spoken) <= set(SPOKEN)
    assert spoken.keys() <= STARTS.keys() & VERBS.keys()
    assert set(OTHERS) == set(PLURAL_FORMS) == set(FAMILIAR)


def catalogue(code: str) -> list[polib.POEntry]:
    entries = polib.pofile(str(LOCALE / code / "LC_MESSAGES" / "django.po"))
    return [entry for entry in entries if not entry.obsolete]


def translations(entry: polib.POEntry) -> list[str]:
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


def test_plain_plural_and_contextual_texts_are_found_in_code_and_templates() -> None:
    code = '_("a"); ngettext("one b", "two b", n); pgettext_lazy("where", "c" "d"); other("e"); _(name)'
    assert set(in_code(code)) == {Text("", "a", ""), Text("", "one b", "two b"), Text("where", "cd", "")}
    template = (
        '{% load i18n %}{% translate "a" %}{% include "x.html" with title=_("b") %}{% translate "c" context "where" %}'
        '{% blocktranslate %}d "{{ e }}"{% endblocktranslate %}'
        "{% blocktranslate count n=f %}{{ n }} g{% plural %}{{ n }} gs{% endblocktranslate %}"
    )
    assert set(in_template(template)) == {
        Text("", "a", ""),
        Text("", "b", ""),
        Text("where", "c", ""),
        Text("", 'd "%(e)s"', ""),
        Text("", "%(n)s g", "%(n)s gs"),
    }


@pytest.mark.parametrize("code", OTHERS)
def test_no_text_is_left_untranslated(code: str) -> None:
    entries = catalogue(code)
    known = {Text(entry.msgctxt or "", entry.msgid, entry.msgid_plural) for entry in entries}
    assert sorted(marked_texts(SOURCES) - known) == []
    assert [entry.msgid for entry in entries if not entry.translated()] == []


@pytest.mark.parametrize("code", OTHERS)
def test_no_translation_has_lost_its_source(code: str) -> None:
    known = {Text(entry.msgctxt or "", entry.msgid, entry.msgid_plural) for entry in catalogue(code)}
    assert sorted(known - marked_texts(SOURCES)) == []


@pytest.mark.parametrize("code", OTHERS)
def test_placeholders_survive_translation(code: str) -> None:
    for entry in catalogue(code):
        wanted = set(PLACEHOLDER.findall(entry.msgid_plural or entry.msgid))
        for text in translations(entry):
            assert set(PLACEHOLDER.findall(text)) == wanted, entry.msgid


@pytest.mark.parametrize("code", OTHERS)
def test_every_plural_has_the_forms_of_its_language(code: str) -> None:
    assert {len(entry.msgstr_plural) for entry in catalogue(code) if entry.msgid_plural} == {PLURAL_FORMS[code]}


@pytest.mark.parametrize("code", OTHERS)
def test_people_are_addressed_formally(code: str) -> None:
    familiar = [text for entry in catalogue(code) for text in translations(entry) if FAMILIAR[code].search(text)]
    assert familiar == []
