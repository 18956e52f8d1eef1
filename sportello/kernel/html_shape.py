"""Is a stranger's HTML harmless for a parser? Depth, misnesting and attributes by the thousand are not.

A parser's time grows with the square of the depth, and what formatting a paragraph leaves open is built anew in every
later one: 43 kB become 24 MB. One pass counts at least what a parser would build. Where it cannot know what a parser
makes of an end (in comments, scripts, SVG, misnested), the end does not count.
"""

import re
from collections import Counter, defaultdict

from sportello.kernel.html_tokens import Kind, Token, names, tokens

LONGEST = 2_000_000  # characters
DEEPEST = 2_000
MOST_NODES = 200_000
MOST_ATTRIBUTES = 300  # of one element

_VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"}
_VOID_ANYWHERE = {"br", "embed", "hr", "img", "meta"}  # in SVG and MathML the others may hold something
_IGNORED = {"html", "head", "body", "frameset"}
_TABLE_PARTS = {"caption", "thead", "tbody", "tfoot", "tr", "td", "th"}
_ENDS_ITSELF = {"p", "li", "dt", "dd", "option"} | _TABLE_PARTS  # at a second one
_ENDS_CONTENT = _TABLE_PARTS | names(  # the end of one of these ends all that is open in it
    "table address article aside blockquote button center details dialog dir div dl dd dt fieldset figcaption figure "
    "footer header h1 h2 h3 h4 h5 h6 li main menu nav ol p pre section summary ul select"
)
_BARRIERS = {"table", "td", "th", "caption", "object", "applet", "marquee", "template", "svg", "math", "button"}
_FOREIGN = {"svg", "math"}
_FORMATTING = {"a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"}
_RAW = {"script", "style", "title", "textarea", "xmp", "iframe", "noembed", "noframes", "noscript", "plaintext"}
_ALIKE = 3  # so many formatting elements that are alike does a parser rebuild
_BEGINNING = re.compile(r"<([a-zA-Z][^\s/>]*)")
_QUOTED_VALUE = re.compile(r"""=\s*(?:"[^"]*"|'[^']*')""")
_ATTRIBUTE = re.compile(r"[\s/][^\s/>=]")
_SHORT_TAG = 600  # characters, which have no room for too many attributes


def is_too_complex(html: str) -> bool:
    if len(html) > LONGEST:
        return True
    shape = _Shape(html)
    return any(shape.is_beyond_bounds_with(token) for token in tokens(html))


class _Shape:
    def __init__(self, html: str) -> None:
        self._html = html
        self._open: list[str] = []
        self._places: dict[str, list[int]] = defaultdict(list)  # in `_open`, by name
        self._barriers: list[int] = []  # places that the end of an element outside does not reach beyond
        self._is_foreign = False
        self._raw = ""  # the element in whose text tags may be no tags
        self._hidden_depth = 0
        self._unclosed: dict[str, list[tuple[str, int]]] = defaultdict(list)  # formatting: markup, number of barriers
        self._alike: Counter[str] = Counter()
        self._rebuilt = 0  # formatting elements in each new block
        self._nodes = 0

    def is_beyond_bounds_with(self, token: Token) -> bool:
        text = self._html[token.start : token.end]
        if token.kind is Kind.HIDDEN or (token.kind is Kind.OPEN and self._raw):
            self._begin_hidden(text)
        elif token.kind is Kind.OPEN and token.name not in _IGNORED:
            if _has_too_many_attributes(text):
                return True
            self._begin(token.name, text)
        elif token.kind is Kind.CLOSE and token.name not in _IGNORED:
            self._end(token.name)
        return self._nodes > MOST_NODES or len(self._open) + self._hidden_depth > DEEPEST

    def _begin_hidden(self, text: str) -> None:
        for beginning in _BEGINNING.finditer(text):
            self._nodes += 1 + self._rebuilt
            self._hidden_depth += 1
            if beginning[1].lower() in _FORMATTING:
                self._leave_open(beginning[1])

    def _begin(self, name: str, text: str) -> None:
        self._nodes += 1 + self._rebuilt
        if name in (_VOID_ANYWHERE if self._is_foreign else _VOID):
            return
        if name in _ENDS_ITSELF and self._open[-1:] == [name] and not self._is_foreign:
            return
        if name in _FORMATTING:
            self._unclosed[name].append((text, len(self._barriers)))
            self._leave_open(text)
        if name in _RAW:
            self._raw = name
        if name in _BARRIERS:
            self._barriers.append(len(self._open))
        self._is_foreign = self._is_foreign or name in _FOREIGN
        self._places[name].append(len(self._open))
        self._open.append(name)

    def _leave_open(self, text: str) -> None:
        self._alike[text] += 1
        self._rebuilt += self._alike[text] <= _ALIKE

    def _end(self, name: str) -> None:
        self._nodes += 1 + self._rebuilt
        if self._raw and name != self._raw:
            return
        self._raw = ""
        unclosed = self._unclosed.get(name)
        if unclosed and unclosed[-1][1] == len(self._barriers):
            text, _ = unclosed.pop()
            self._rebuilt -= self._alike[text] <= _ALIKE
            self._alike[text] -= 1
        if name in _ENDS_CONTENT and self._last(name) >= self._reach(name):
            self._close_from(self._last(name))
        elif self._open[-1:] == [name] and name not in _FOREIGN:
            self._close_from(len(self._open) - 1)

    def _last(self, name: str) -> int:
        """The place of the innermost open one, or -1."""
        places = self._places.get(name)
        return places[-1] if places else -1

    def _reach(self, name: str) -> int:
        """The outermost place at which an end of that name finds something to end."""
        if name == "table":
            return max(self._last("svg"), self._last("math"), 0)
        if name in _TABLE_PARTS:
            return max(self._last("table"), self._last("svg"), self._last("math"), 0)
        last_barrier = self._barriers[-1] if self._barriers else 0
        return max(last_barrier, self._last("ul"), self._last("ol")) if name == "li" else last_barrier

    def _close_from(self, place: int) -> None:
        for name in self._open[place:]:
            self._places[name].pop()
        del self._open[place:]
        while self._barriers and self._barriers[-1] >= place:
            self._barriers.pop()


def _has_too_many_attributes(text: str) -> bool:
    """Each is compared with all before it."""
    if len(text) <= _SHORT_TAG:
        return False
    return len(_ATTRIBUTE.findall(_QUOTED_VALUE.sub("=", text))) > MOST_ATTRIBUTES
