"""What of a stranger's HTML may be shown? Words, tables, pictures that wait; nothing that acts or fetches."""

import html as entities
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import nh3
from inscriptis import get_text
from inscriptis.model.config import ParserConfig
from linkify_it import LinkifyIt

LONGEST = 2_000_000
DEEPEST = 200

_TAGS = set(
    [
        "a",
        "abbr",
        "address",
        "article",
        "aside",
        "b",
        "bdi",
        "bdo",
        "big",
        "blockquote",
        "br",
        "caption",
        "center",
        "cite",
        "code",
        "col",
        "colgroup",
        "dd",
        "del",
        "details",
        "dfn",
        "div",
        "dl",
        "dt",
        "em",
        "figcaption",
        "figure",
        "font",
        "footer",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "i",
        "img",
        "ins",
        "kbd",
        "li",
        "main",
        "mark",
        "nav",
        "ol",
        "p",
        "pre",
        "q",
        "s",
        "samp",
        "section",
        "small",
        "span",
        "strike",
        "strong",
        "sub",
        "summary",
        "sup",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "time",
        "tr",
        "tt",
        "u",
        "ul",
        "var",
        "wbr",
    ]
)
_GONE = {"script", "style", "svg", "math", "title", "template", "noscript", "iframe", "object", "embed", "textarea"}
_GONE |= {"select", "xmp", "plaintext", "noembed", "noframes", "audio", "video", "applet"}
_EVERYWHERE = {"align", "dir", "lang", "title", "valign", "width", "height", "bgcolor", "color", "style"}
_ATTRIBUTES = {
    "*": _EVERYWHERE,
    "a": {"href"},
    "font": {"face", "size"},
    "img": {"alt", "src", "border"},
    "td": {"colspan", "rowspan", "nowrap"},
    "th": {"colspan", "rowspan", "nowrap", "scope"},
    "table": {"border", "cellpadding", "cellspacing"},
    "ol": {"start", "type"},
    "blockquote": {"type"},
}
_STYLES = set(
    [
        "background-color",
        "border",
        "border-bottom",
        "border-collapse",
        "border-color",
        "border-left",
        "border-radius",
        "border-right",
        "border-spacing",
        "border-style",
        "border-top",
        "border-width",
        "color",
        "direction",
        "display",
        "font",
        "font-family",
        "font-size",
        "font-style",
        "font-variant",
        "font-weight",
        "height",
        "letter-spacing",
        "line-height",
        "list-style-type",
        "margin",
        "margin-bottom",
        "margin-left",
        "margin-right",
        "margin-top",
        "max-width",
        "min-width",
        "padding",
        "padding-bottom",
        "padding-left",
        "padding-right",
        "padding-top",
        "text-align",
        "text-decoration",
        "text-indent",
        "text-transform",
        "vertical-align",
        "white-space",
        "width",
        "word-break",
    ]
)
_ACTIVE_VALUE = re.compile(r"url|expression|image|@|\\|javascript|var\s*\(", re.IGNORECASE)
_DATA_IMAGE = re.compile(r"data:image/(?:png|jpeg|gif|webp);base64,[a-z0-9+/=\s]+", re.IGNORECASE)
_IMAGE = re.compile(r'<img\b[^>]*?\bdata-(remote-src|cid)="([^"]*)"[^>]*>')
_OPEN_OR_CLOSE = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
_VOID = {
    "area",
    "base",
    "br",
    "col",
    "embed",
    "hr",
    "img",
    "input",
    "link",
    "meta",
    "source",
    "track",
    "wbr",
    "p",
    "li",
}


@dataclass(frozen=True)
class SafeMail:
    """`html` asks for nothing by itself: remote pictures wait in `data-remote-src`, enclosed ones in `data-cid`."""

    html: str
    remote_images: int


def sanitise(html: str) -> SafeMail:
    """HTML that may be shown in a sandboxed frame. Too deep or too long input becomes its text."""
    if not html.strip():
        return SafeMail("", 0)
    if len(html) > LONGEST or _depth(html) > DEEPEST:
        return SafeMail(from_text(_bare_text(html[: LONGEST * 4])), 0)
    remote = 0

    def attribute(tag: str, name: str, value: str) -> str | None:
        nonlocal remote
        if name == "style":
            return _safe_style(value)
        if tag == "img" and name == "src":
            remote += bool(re.match(r"\s*(?:https?:)?//", value, re.IGNORECASE))
            return _image_source(value)
        return value

    cleaned = nh3.clean(
        html,
        tags=_TAGS,
        clean_content_tags=_GONE,
        attributes=_ATTRIBUTES,
        attribute_filter=attribute,
        url_schemes={"http", "https", "mailto", "tel", "cid", "data", "x-remote", "x-cid"},
        link_rel="noopener noreferrer nofollow",
        set_tag_attribute_values={"a": {"target": "_blank"}},
        filter_style_properties=_STYLES,
        strip_comments=True,
    )
    cleaned = re.sub(r'(<a\b[^>]*?)\shref="(?:data|cid|x-remote|x-cid):[^"]*"', r"\1", cleaned)
    cleaned = cleaned.replace('src="x-remote:', 'data-remote-src="').replace('src="x-cid:', 'data-cid="')
    return SafeMail(cleaned, remote)


def _image_source(value: str) -> str | None:
    """Pictures wait until somebody asks: the scheme marks them for renaming after cleaning."""
    source = value.strip()
    if _DATA_IMAGE.fullmatch(source):
        return source
    if source.lower().startswith(("http://", "https://")):
        return "x-remote:" + source
    if source.startswith("//"):
        return "x-remote:https:" + source
    if source.lower().startswith("cid:"):
        return "x-cid:" + source[4:].strip("<> ")
    if re.fullmatch(r"[\w.@-]{1,200}", source):  # a bare file name: some clients leave the scheme out
        return "x-cid:" + source
    return None


def _safe_style(value: str) -> str | None:
    kept = [part.strip() for part in value[:4000].split(";") if part.strip() and not _ACTIVE_VALUE.search(part)]
    return "; ".join(kept) or None


def _depth(html: str) -> int:
    """How deep elements nest at most; cheap, and never too small for what a parser would build."""
    depth = deepest = 0
    for found in _OPEN_OR_CLOSE.finditer(html):
        if found[2].lower() in _VOID:
            continue
        depth = max(depth - 1, 0) if found[1] else depth + 1
        deepest = max(deepest, depth)
    return deepest


def _bare_text(html: str) -> str:
    without = re.sub(r"<(script|style)\b.*?</\1\s*>", " ", html, flags=re.IGNORECASE | re.DOTALL)
    return entities.unescape(re.sub(r"<[^>]{0,10000}>", " ", without))


def to_text(html: str) -> str:
    """The words of HTML, with its links, for plain text and for finding."""
    if len(html) > LONGEST or _depth(html) > DEEPEST:
        return " ".join(_bare_text(html[:LONGEST]).split())
    return get_text(html, ParserConfig(display_links=True)).strip() if html.strip() else ""


@cache
def _links() -> LinkifyIt:
    return LinkifyIt()


def from_text(text: str) -> str:
    """Plain text as HTML: paragraphs, line breaks, links. Nothing in it is markup."""
    paragraphs = re.split(r"\n{2,}", text.replace("\r\n", "\n").strip("\n"))
    return "".join(f"<p>{_line_breaks(_linked(part))}</p>" for part in paragraphs if part.strip())


def _line_breaks(escaped: str) -> str:
    return escaped.replace("\n", "<br>\n")


def _linked(text: str) -> str:
    """Links in short lines only: looking for them in endless ones is how others came to stand still."""
    return "\n".join(_linked_line(line) if len(line) <= 5000 else entities.escape(line) for line in text.split("\n"))


def _linked_line(line: str) -> str:
    if "." not in line and "@" not in line and "://" not in line:
        return entities.escape(line)
    out, last = [], 0
    for match in (_links().match(line) or [])[:500]:
        if not match.url.startswith(("http://", "https://", "mailto:")):
            continue
        out.append(entities.escape(line[last : match.index]))
        out.append(
            f'<a href="{entities.escape(match.url)}" rel="noopener noreferrer nofollow" target="_blank">'
            f"{entities.escape(match.text)}</a>"
        )
        last = match.last_index
    return "".join(out) + entities.escape(line[last:])


def with_images(html: str, *, inline: Callable[[str], str | None], remote: bool) -> str:
    """Sanitised HTML for showing: enclosed pictures at the addresses that `inline` gives, remote ones if asked for."""

    def show(found: re.Match[str]) -> str:
        kind, value = found[1], entities.unescape(found[2])
        address = inline(value) if kind == "cid" else (value if remote else None)
        if address is None:
            return found[0]
        return found[0].replace(f'data-{kind}="', f'src="{entities.escape(address)}" data-{kind}="', 1)

    return _IMAGE.sub(show, html)
