"""Which texts does a catalogue lack? They are added at its end, and nothing that stands there is touched."""

import sys
from collections.abc import Iterator
from pathlib import Path

import polib
from babel import UnknownLocaleError
from babel.messages.plurals import get_plural

from tests.architecture.rules import ROOT
from tests.i18n.marked import Text, marked_texts

SOURCES = ROOT / "sportello"
LOCALE = SOURCES / "locale"


def refresh(path: Path, code: str, said: set[Text]) -> tuple[set[Text], set[Text]]:
    """Make the catalogue where there is none. Returns what was added, and what stands there that nobody says."""
    forms = get_plural(code)
    if not path.exists():
        path.parent.mkdir(parents=True)
        path.write_text(_head(code, forms.plural_forms), encoding="utf-8")
    entries = polib.pofile(str(path))
    known = {Text(entry.msgctxt or "", entry.msgid, entry.msgid_plural) for entry in entries if not entry.obsolete}
    added = said - known
    with path.open("a", encoding="utf-8") as file:
        file.writelines(_entry(text, forms.num_plurals) for text in sorted(added))
    return added, known - said


def _head(code: str, plural_forms: str) -> str:
    fields = ["Project-Id-Version: Sportello", f"Language: {code}", "MIME-Version: 1.0"]
    fields += ["Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: 8bit"]
    lines = [f'"{field}\\n"' for field in [*fields, f"Plural-Forms: {plural_forms}"]]
    return "\n".join(['msgid ""', 'msgstr ""', *lines]) + "\n"


def _entry(text: Text, plurals: int) -> str:
    forms = dict.fromkeys(range(plurals), "") if text.plural else {}
    entry = polib.POEntry(msgctxt=text.context or None, msgid=text.words, msgid_plural=text.plural, msgstr_plural=forms)
    return f"\n{str(entry).rstrip()}\n"


def _told(codes: list[str]) -> Iterator[str]:
    said = marked_texts(SOURCES)
    for code in codes or sorted(place.name for place in LOCALE.iterdir() if place.is_dir()):
        path = LOCALE / code / "LC_MESSAGES" / "django.po"
        try:
            added, lost = refresh(path, code, said)
        except (UnknownLocaleError, ValueError):
            sys.exit(f"bin/messages: {code} is no language. Write its code, as in fr or pt_BR.")
        yield f"{path.relative_to(ROOT)}: {len(added)} added at the end, to be translated"
        yield from (f"  said no more, take it out: {text.words}" for text in sorted(lost))


if __name__ == "__main__":
    sys.stdout.writelines(f"{line}\n" for line in _told(sys.argv[1:]))
