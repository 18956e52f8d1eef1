"""How many bytes does a page take, with all that it asks for, on the first visit and on the next?"""

import re
from collections import Counter
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from bench.asking import Answer, ask

_IMPORTED = re.compile(r"""(?:from|import)\s*\(?\s*["']([^"']+)["']""")
_IN_CSS = re.compile(r"""url\(["']?([^"')#]+)|@import\s+["']([^"']+)""")


class _Links(HTMLParser):
    """Scripts, style sheets, images, icons, sprites; not what is only linked to."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        told = dict(attributes)
        if tag == "link" and told.get("rel") in ("stylesheet", "modulepreload", "preload", "icon", "manifest"):
            self.found.append(told.get("href") or "")
        if tag in ("script", "img", "use"):
            self.found.append(told.get("src") or told.get("href") or "")


class Visit:
    """`first` counts the page and every asset that the browser fetches; `second` what it may not keep."""

    def __init__(self, port: int, path: str, cookie: str, encoding: str) -> None:
        self._port, self._cookie, self._encoding = port, cookie, encoding
        self.assets: dict[str, int] = {}
        self.by_kind: Counter[str] = Counter()
        self.second = 0
        page = self._fetch(path)
        links = _Links()
        links.feed(page)
        self._follow(path, links.found)
        self.first = sum(self.by_kind.values())

    def _follow(self, base: str, links: list[str]) -> None:
        for link in links:
            address = urlsplit(urljoin(base, link))
            if not link or address.scheme or address.netloc or address.path == base or address.path in self.assets:
                continue
            text = self._fetch(address.path)
            if address.path.endswith((".js", ".mjs")):
                self._follow(address.path, [name for name in _IMPORTED.findall(text) if name.startswith((".", "/"))])
            elif address.path.endswith(".css"):
                self._follow(address.path, ["".join(names) for names in _IN_CSS.findall(text)])

    def _fetch(self, path: str) -> str:
        """Once as it travels, which is counted, and once plain, to read what it asks for."""
        travelled = self._ask(path, self._encoding)
        size, kind = len(travelled.body), travelled.headers.get_content_type()
        if travelled.status != 200:
            raise SystemExit(f"{path} answered {travelled.status}")
        self.by_kind[kind] += size
        self.second += 0 if "immutable" in travelled.headers.get("Cache-Control", "") else size
        if kind != "text/html":
            self.assets[path] = size
        return self._ask(path, "identity").body.decode("utf-8", "replace")

    def _ask(self, path: str, encoding: str) -> Answer:
        return ask(self._port, path, Cookie=self._cookie, Accept_Encoding=encoding)
