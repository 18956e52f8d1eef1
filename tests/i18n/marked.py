"""Which texts do the sources mark for translation, with which context and plural?"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from django.utils.translation.template import templatize

_ARGUMENTS = {"": 1, "n": 2, "p": 2, "np": 3}  # how many texts each kind of gettext takes
_NAME = re.compile(r"(n?p?)gettext(?:_lazy|_noop)?")
_CALL = re.compile(r"""\b((?:n?p?)gettext|_)\(((?:\s*u?(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")\s*,?)+)""")


class Text(NamedTuple):
    context: str
    words: str
    plural: str


def marked_texts(sources: Path) -> set[Text]:
    """Every text that the code and the templates under a folder hand to gettext, ngettext or pgettext."""
    found: set[Text] = set()
    for path in sources.rglob("*"):
        if path.suffix not in (".html", ".txt", ".py") or {"tests", "migrations"} & set(path.parts):
            continue
        source = path.read_text(encoding="utf-8")
        found.update(in_code(source) if path.suffix == ".py" else in_template(source))
    return found


def in_code(source: str) -> Iterator[Text]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            texts = [arg.value for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
            yield from _text(node.func.id, texts)


def marked_for_later(source: str) -> Iterator[str]:
    """What is kept in English and said in the reader's language when it is shown: reasons at a message."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "gettext_noop":
            yield from (text.words for text in in_code(ast.unparse(node)))


def in_template(source: str) -> Iterator[Text]:
    """Django turns a template into calls of gettext for its own `makemessages`; we read those."""
    for name, literals in _CALL.findall(templatize(source)):
        yield from _text(name, list(ast.literal_eval(f"({literals.rstrip(', ')},)")))


def _text(name: str, texts: list[str]) -> Iterator[Text]:
    called = _NAME.fullmatch("gettext" if name == "_" else name)
    if called is None or len(texts) < _ARGUMENTS[called[1]]:
        return
    context = texts.pop(0) if "p" in called[1] else ""
    yield Text(context, texts[0], texts[1] if "n" in called[1] else "")
