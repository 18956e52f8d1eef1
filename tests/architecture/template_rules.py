"""What holds for every template: one root with a known id in a partial, nothing inline, nothing missing?"""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import PurePosixPath

from django.contrib.staticfiles import finders

from sportello.ui import assets
from tests.architecture.rules import File, Finding, Rule

Attributes = list[tuple[str, str | None]]

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
INERT_SCRIPTS = {"application/json"}
_COMMENTS = re.compile(r"{#.*?#}|{% comment %}.*?{% endcomment %}", re.DOTALL)
_VALUES = re.compile(r"{{.*?}}", re.DOTALL)
_TAGS = re.compile(r"{%.*?%}", re.DOTALL)
_ELSE = re.compile(r"{% *(else|elif)\b")
_STATIC = re.compile(r"""{% *static +["']([^"']+)["']""")
_CODE_ATTRIBUTES = ("on", "hx-on")
BUILT = {f"ui/build/{entry.name}" for kind in ("css", "js") for entry in assets.entries(kind)}
_CODE_VALUES = ("javascript:", "js:")


class Markup(HTMLParser):
    """The HTML of a template without Django's tags; values stand as VALUE."""

    def __init__(self, template: str) -> None:
        super().__init__()
        self.roots: list[Attributes] = []
        self.root_text = ""
        self.elements: list[tuple[int, str, Attributes]] = []
        self._open: list[str] = []
        blank = _COMMENTS.sub(_same_lines, template)
        self.feed(_TAGS.sub(_same_lines, _VALUES.sub("VALUE", blank)))
        self.close()

    def handle_starttag(self, tag: str, attrs: Attributes) -> None:
        self.elements.append((self.getpos()[0], tag, attrs))
        if not self._open:
            self.roots.append(attrs)
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: Attributes) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self._open.pop()

    def handle_endtag(self, tag: str) -> None:
        while tag in self._open and self._open.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if not self._open:
            self.root_text += data.strip()


def _same_lines(found: re.Match[str]) -> str:
    return "\n" * found[0].count("\n")


def rootless_partials(file: File) -> Iterator[Finding]:
    """`_status_picker.html` is one element with id="status-picker", or "status-picker-{{ … }}" where it repeats."""
    markup = Markup(file.text)
    wanted = PurePosixPath(file.path).stem.strip("_").replace("_", "-")
    ids = [dict(attributes).get("id") or "" for attributes in markup.roots]
    if len(ids) != 1 and not (ids and _ELSE.search(file.text)):
        yield Finding(1, f"has {len(ids)} root elements, a partial has one")
    elif markup.root_text:
        yield Finding(1, f"has text beside its root element: {markup.root_text[:40]}")
    for found in ids:
        if found != wanted and not found.startswith(f"{wanted}-VALUE"):
            yield Finding(1, f'its root has id="{found}", and htmx looks for "{wanted}"')


def inline_code(file: File) -> Iterator[Finding]:
    for line, tag, attributes in Markup(file.text).elements:
        given = dict(attributes)
        if tag == "style" or (tag == "script" and "src" not in given and given.get("type") not in INERT_SCRIPTS):
            yield Finding(line, f"an inline <{tag}>, which the content policy refuses")
        for name, value in attributes:
            if name == "style" or name.startswith(_CODE_ATTRIBUTES) or (value or "").strip().startswith(_CODE_VALUES):
                yield Finding(line, f'{name}="{value}" on <{tag}>, which the content policy refuses')


def missing_assets(file: File) -> Iterator[Finding]:
    for number, line in enumerate(file.lines, start=1):
        for name in _STATIC.findall(line):
            if name not in BUILT and finders.find(name) is None:
                yield Finding(number, f"there is no static file {name}")


def _is_partial(file: File) -> bool:
    """Parts of the kit (templates/ui) repeat on a page and are no targets, so that they carry no id."""
    return file.is_template and file.parts[-1].startswith("_") and "ui" not in file.parts


def _is_page(file: File) -> bool:
    """Not a mail, whose styles must be inline and which no content policy governs."""
    return file.is_template and "email" not in file.parts


def _at(path: str, text: str) -> File:
    return File(f"sportello/desk/templates/desk/{path}", text)


RULES = [
    Rule(
        "a partial is one element with its name",
        _is_partial,
        rootless_partials,
        good=_at("_status_picker.html", '{% load i18n %}\n<p id="status-picker">{% trans "x" %}<br></p>\n'),
        bad=_at("_status_picker.html", '<p id="status">a</p><p>b</p>'),
    ),
    Rule(
        "nothing is inline",
        _is_page,
        inline_code,
        good=_at("x.html", '<p class="{% if a %}b{% endif %}" hx-get="/a"></p><script src="/x.js"></script>'),
        bad=_at("x.html", '<p onclick="go()"></p>'),
    ),
    Rule(
        "a static file that is named exists",
        lambda file: file.is_template,
        missing_assets,
        good=_at("x.html", '{% static "django_htmx/htmx-2.min.js" %}{% static "ui/build/desk.js" %}'),
        bad=_at("x.html", '{% static "nowhere.css" %}'),
    ),
]
