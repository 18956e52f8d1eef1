"""What would a browser meet in this HTML, and would any of it act, fetch or pretend to be ours?"""

import re
from html.parser import HTMLParser

TAGS_THAT_ACT = {
    *["script", "style", "svg", "math", "form", "input", "button", "textarea", "select", "base", "meta", "link"],
    *["iframe", "frame", "object", "embed", "applet", "video", "audio", "source", "track", "template", "noscript"],
    *["html", "head", "body", "title", "plaintext", "xmp", "marquee", "portal", "dialog", "picture"],
}
ATTRIBUTES_THAT_FETCH_OR_NAME = {
    *["src", "srcset", "poster", "background", "action", "formaction", "data", "xlink:href", "cite", "ping", "id"],
    *["name", "class", "srcdoc", "autofocus", "form", "manifest", "longdesc", "usemap", "is", "slot", "part", "nonce"],
}


class Reader(HTMLParser):
    """What a browser would meet: every tag with its attributes."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


def tags_of(html: str) -> list[tuple[str, dict[str, str | None]]]:
    reader = Reader()
    reader.feed(html)
    reader.close()
    return reader.tags


def assert_inert(html: str) -> None:
    assert "<!" not in html
    assert "<?" not in html
    for tag, attributes in tags_of(html):
        assert tag not in TAGS_THAT_ACT
        for name, value in attributes.items():
            assert not name.startswith("on")
            if name == "src":
                assert tag == "img"
                assert re.match(r"data:image/(png|gif|jpeg|webp);base64,", value or "", re.IGNORECASE)
            else:
                assert name not in ATTRIBUTES_THAT_FETCH_OR_NAME
            if name == "style":
                assert not re.search(r"url|@|\\|expression|position|z-index|animation|<", value or "", re.IGNORECASE)
        if tag == "a":
            assert re.match(r"(https?://|mailto:|tel:)", attributes.get("href") or "https://", re.IGNORECASE)
            assert attributes["target"] == "_blank"
            assert attributes["rel"] == "noopener noreferrer nofollow"
