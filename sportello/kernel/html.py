"""What of a stranger's HTML may be shown? Words, tables, pictures that wait; nothing that acts or fetches."""

import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from html import escape, unescape
from ipaddress import ip_address
from secrets import token_hex
from socket import inet_aton, inet_ntoa
from urllib.parse import unquote, urlsplit

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
_ATTRIBUTE = re.compile(r' ([a-z-]+)="([^"]*)"')  # as nh3 writes it
_WAITING = {"remote": "data-remote-src", "cid": "data-cid"}
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
    pictures = _Pictures()
    cleaned = nh3.clean(
        html,
        tags=set(_TAGS),
        clean_content_tags=set(_GONE),
        attributes=_ATTRIBUTES,
        attribute_filter=pictures.filter,
        url_schemes={"http", "https", "mailto", "tel", "cid", "data"},
        link_rel="noopener noreferrer nofollow",
        set_tag_attribute_values={"a": {"target": "_blank"}},
        filter_style_properties=set(_STYLES),
        strip_comments=True,
    )
    return SafeMail(pictures.let_wait(cleaned), pictures.remote)


class _Pictures:
    """Lets sources wait: the sanitiser marks each with a word that nobody can guess, and its attribute is renamed."""

    def __init__(self) -> None:
        self.mark = token_hex(16)
        self.remote = 0

    def filter(self, tag: str, name: str, value: str) -> str | None:
        safe = _safe_attribute(tag, name, value)
        if name != "src" or safe is None or safe.startswith("data:"):
            return safe
        if safe.startswith("cid:"):
            return f"{self.mark}cid:{safe[4:]}"
        self.remote += 1
        return f"{self.mark}remote:{safe}"

    def let_wait(self, html: str) -> str:
        for kind, attribute in _WAITING.items():
            html = html.replace(f' src="{self.mark}{kind}:', f' {attribute}="')
        return html


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


def with_images(html: str, *, inline: Callable[[str], str | None], remote: bool, host: str) -> str:
    """Sanitised HTML for showing: enclosed pictures at the addresses that `inline` gives, remote ones if asked for.

    None from `host`, which is ours: a mail may not send its reader's browser to our own pages.
    """

    def address_of(picture: dict[str, str]) -> str | None:
        if _WAITING["cid"] in picture:
            return inline(unescape(picture[_WAITING["cid"]]))
        address = unescape(picture.get(_WAITING["remote"], ""))
        return address if remote and address and not _is_at(address, host) else None

    written, done = [], 0
    for start, end, picture in _pictures_in(html):
        address = address_of(picture)
        if address is not None:
            attributes = "".join(f' {name}="{value}"' for name, value in picture.items())
            written += [html[done:start], f'<img src="{escape(address)}"{attributes}>']
            done = end
    return "".join(written) + html[done:]


def _pictures_in(html: str) -> Iterator[tuple[int, int, dict[str, str]]]:
    """Where the images of sanitised HTML stand, with their attributes as they are written."""
    for token in tokens(html) if "<img" in html else ():
        if token.kind is Kind.OPEN and token.name == "img":
            yield token.start, token.end, dict(_ATTRIBUTE.findall(html[token.start : token.end]))


def _is_at(address: str, host: str) -> bool:
    """Whether a browser may be led to the host by it, at whatever port, or to the reader's own machine.

    Browsers read more into an address than it says: \\ as /, %6c and wide letters as letters, 0x7f.1 as 127.0.0.1. What
    cannot be told counts as ours.
    """
    try:
        found = _host_in(address.replace("\\", "/"))
        return not found or _is_this_machine(found) or found == _host_in(f"http://{host}")
    except ValueError:
        return True


def _host_in(address: str) -> str:
    """As a name server or a socket gets it; empty where nothing says it. Raises ValueError for what is no host."""
    named = unquote(urlsplit(address).hostname or "", errors="strict")
    host = named.encode("idna").decode("ascii").lower().rstrip(".")
    with suppress(OSError):
        host = inet_ntoa(inet_aton(host))  # there are many ways to write four bytes
    with suppress(ValueError):
        host = str(ip_address(host))
    return host


def _is_this_machine(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    with suppress(ValueError):
        number = ip_address(host)
        plain = getattr(number, "ipv4_mapped", None) or number
        return bool(plain.is_loopback or plain.is_unspecified)
    return False


def enclosed_in(html: str) -> set[str]:
    """The names by which sanitised HTML asks for enclosed pictures."""
    asked = (picture.get(_WAITING["cid"]) for _start, _end, picture in _pictures_in(html))
    return {unescape(name) for name in asked if name}


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
