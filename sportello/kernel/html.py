"""What of a stranger's HTML may be shown? Words, tables, pictures that wait; nothing that acts or fetches."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from html import escape, unescape

import nh3
from linkify_it import LinkifyIt

from sportello.kernel.html_shape import LONGEST, is_too_complex
from sportello.kernel.html_tokens import Kind, names, tokens

LONGEST_LINK = 2_000  # characters
MOST_LINKED = 100_000  # characters of a text in which links are looked for: a hostile one takes 10 µs for each

_TAGS = names(
    "a abbr address article aside b bdi bdo big blockquote br caption center cite code col colgroup dd del details "
    "dfn div dl dt em figcaption figure font footer h1 h2 h3 h4 h5 h6 header hr i img ins kbd li main mark nav ol p "
    "pre q s samp section small span strike strong sub summary sup table tbody td tfoot th thead time tr tt u ul var "
    "wbr"
)
_GONE = names("applet audio embed iframe math noembed noframes noscript object script style svg template title video")
_ATTRIBUTES = {
    "*": {"align", "bgcolor", "color", "dir", "height", "lang", "style", "title", "valign", "width"},
    "a": {"href"},
    "blockquote": {"type"},
    "font": {"face", "size"},
    "img": {"alt", "border", "src"},
    "ol": {"start", "type"},
    "table": {"border", "cellpadding", "cellspacing"},
    "td": {"colspan", "nowrap", "rowspan"},
    "th": {"colspan", "nowrap", "rowspan", "scope"},
}
_NUMBERS = {"border", "cellpadding", "cellspacing", "colspan", "height", "rowspan", "size", "start", "width"}
_NUMBER = re.compile(r"[+-]?\d{1,4}(?:\.\d{1,4})?(?:px|%)?")
_STYLES = names(
    "background-color border border-bottom border-collapse border-color border-left border-radius border-right "
    "border-spacing border-style border-top border-width color direction display font font-family font-size font-style "
    "font-variant font-weight height letter-spacing line-height list-style-type margin margin-bottom margin-left "
    "margin-right margin-top max-width min-width padding padding-bottom padding-left padding-right padding-top "
    "text-align text-decoration text-indent text-transform vertical-align white-space width word-break"
)
_ACTIVE_STYLE = re.compile(r"[@\\<]|(?<![#0-9a-f.])\d{5}", re.IGNORECASE)
_STYLE_FUNCTION = re.compile(r"([\w-]*)\(")
_STYLE_FUNCTIONS = {"rgb", "rgba", "hsl", "hsla", "calc"}
_LINK = re.compile(r"(?:https?://|mailto:|tel:)[^\x00-\x20]", re.IGNORECASE)
_REMOTE = re.compile(r"https?://", re.IGNORECASE)
_DATA_IMAGE = re.compile(r"data:image/(?:png|jpe?g|gif|webp);base64,[a-z0-9+/=\s]+", re.IGNORECASE)
_FILE_NAME = re.compile(r"[\w.@-]{1,200}")
_IMAGE = re.compile(r'<img((?: [a-z-]+="[^"]*")*)>')
_SOURCE = re.compile(r' src="([^"]*)"')
_WAITING = re.compile(r' data-(remote-src|cid)="([^"]*)"')
_NEW_LINE_AT = {"address", "blockquote", "br", "div", "dt", "h1", "h2", "h3", "h4", "li", "p", "pre", "table", "tr"}


@dataclass(frozen=True)
class SafeMail:
    """`html` asks for nothing by itself: remote pictures wait in `data-remote-src`, enclosed ones in `data-cid`."""

    html: str
    remote_images: int


def sanitise(html: str) -> SafeMail:
    """HTML that may be shown in a sandboxed frame. Too long, deep or tangled HTML becomes its text."""
    if is_too_complex(html):
        return SafeMail(from_text(_bare_text(html)), 0)
    cleaned = nh3.clean(
        html,
        tags=set(_TAGS),
        clean_content_tags=set(_GONE),
        attributes=_ATTRIBUTES,
        attribute_filter=_safe_attribute,
        url_schemes={"http", "https", "mailto", "tel", "cid", "data"},
        link_rel="noopener noreferrer nofollow",
        set_tag_attribute_values={"a": {"target": "_blank"}},
        filter_style_properties=set(_STYLES),
        strip_comments=True,
    )
    cleaned = _IMAGE.sub(_let_wait, cleaned)
    return SafeMail(cleaned, cleaned.count(' data-remote-src="'))


def _safe_attribute(tag: str, name: str, value: str) -> str | None:
    """Called for what the lists let through, relative addresses too, and before a style's properties are looked at."""
    if name == "href":
        address = value.strip("".join(map(chr, range(33))))
        return address if _LINK.match(address) else None
    if name == "src":
        return _safe_source(value.strip())
    if name == "style":
        return "; ".join(part for part in value[:4_000].split(";") if _is_harmless_style(part)) or None
    if name in _NUMBERS:
        return value.strip() if _NUMBER.fullmatch(value.strip()) else None
    return value


def _is_harmless_style(part: str) -> bool:
    functions = {name.lower() for name in _STYLE_FUNCTION.findall(part)}
    return not _ACTIVE_STYLE.search(part) and functions <= _STYLE_FUNCTIONS


def _safe_source(address: str) -> str | None:
    if address.startswith("//"):
        return "https:" + address
    if _FILE_NAME.fullmatch(address):  # some programs leave the scheme out
        return "cid:" + address
    if address.lower().startswith("cid:"):
        return "cid:" + address[4:].strip("<> ")
    return address if _REMOTE.match(address) or _DATA_IMAGE.fullmatch(address) else None


def _let_wait(image: re.Match[str]) -> str:
    source = _SOURCE.search(image[1])
    if source is None or source[1].startswith("data:"):
        return image[0]
    is_enclosed = source[1].startswith("cid:")
    waiting = f' data-cid="{source[1][4:]}"' if is_enclosed else f' data-remote-src="{source[1]}"'
    return image[0].replace(source[0], waiting, 1)


def with_images(html: str, *, inline: Callable[[str], str | None], remote: bool) -> str:
    """Sanitised HTML for showing: enclosed pictures at the addresses that `inline` gives, remote ones if asked for."""

    def show(image: re.Match[str]) -> str:
        waiting = _WAITING.search(image[1])
        if waiting is None:
            return image[0]
        value = unescape(waiting[2])
        address = inline(value) if waiting[1] == "cid" else (value if remote else None)
        return image[0] if address is None else image[0].replace(waiting[0], f' src="{escape(address)}"{waiting[0]}', 1)

    return _IMAGE.sub(show, html)


def to_text(html: str) -> str:
    """The words of HTML, with its links, for plain text."""
    if is_too_complex(html):
        return _bare_text(html)
    from inscriptis import get_text  # and lxml: at the first mail that is written in HTML only, not at the start
    from inscriptis.model.config import ParserConfig

    text: str = get_text(html.replace("\0", ""), ParserConfig(display_links=True))
    return text.strip()


def _bare_text(html: str) -> str:
    """What stands between the tags, in linear time, of as much as may be shown."""
    html = html[:LONGEST]
    parts = []
    for token in tokens(html):
        if token.kind is Kind.TEXT:
            parts.append(html[token.start : token.end])
        elif token.name in _NEW_LINE_AT:
            parts.append("\n")
    lines = (" ".join(line.split()) for line in unescape("".join(parts)).split("\n"))
    return "\n".join(line for line in lines if line)


@cache
def _linkify() -> LinkifyIt:
    return LinkifyIt()


def from_text(text: str) -> str:
    """Plain text as HTML: paragraphs, line breaks, links. Nothing in it is markup."""
    paragraphs = re.split(r"\n{2,}", text.replace("\0", "").replace("\r\n", "\n").strip("\n"))
    room = MOST_LINKED
    written = []
    for paragraph in paragraphs:
        if paragraph.strip():
            html, room = _linked(paragraph, room)
            written.append(f"<p>{html}</p>")
    return "".join(written).replace("\n", "<br>\n")


def _linked(text: str, room: int) -> tuple[str, int]:
    """Links are looked for in words that may hold one, while there is room, since some take a long time to look at."""
    written, done = [], 0
    for word in re.finditer(r"\S+", text):
        candidate = word[0]
        if not ("://" in candidate or "@" in candidate or "www." in candidate):
            continue
        if len(candidate) <= min(room, LONGEST_LINK):
            room -= len(candidate)
            written += [escape(text[done : word.start()]), _linked_word(candidate)]
            done = word.end()
    return "".join(written) + escape(text[done:]), room


def _linked_word(word: str) -> str:
    written, done = [], 0
    for match in _linkify().match(word) or []:
        if not _LINK.match(match.url):
            continue
        address, shown = escape(match.url), escape(match.text)
        link = f'<a href="{address}" rel="noopener noreferrer nofollow" target="_blank">{shown}</a>'
        written += [escape(word[done : match.index]), link]
        done = match.last_index
    return "".join(written) + escape(word[done:])
