"""How do many small source files become the few that a browser fetches?"""

import re
from pathlib import Path

STATIC = Path(__file__).resolve().parent / "static" / "ui"
BUILD = STATIC / "build"

_CSS_IMPORT = re.compile(r'@import url\("([\w-]+\.css)"\);')
_JS_IMPORT = re.compile(r'^import "\./([\w-]+\.js)";$', re.MULTILINE)
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)


def build() -> list[Path]:
    """Write every entry, joined, into `static/ui/build/`; returns the files."""
    BUILD.mkdir(exist_ok=True)
    written = []
    for entry in entries("css"):
        written.append(_write(entry.name, joined_css(entry)))
    for entry in entries("js"):
        written.append(_write(entry.name, joined_js(entry)))
    return written


def entries(kind: str) -> list[Path]:
    """The files that import others: one for each kind of page."""
    pattern = {"css": _CSS_IMPORT, "js": _JS_IMPORT}[kind]
    return [path for path in sorted((STATIC / kind).glob(f"*.{kind}")) if pattern.search(path.read_text("utf-8"))]


def joined_css(entry: Path) -> str:
    source = entry.read_text("utf-8")
    parts = [(entry.parent / name).read_text("utf-8") for name in _CSS_IMPORT.findall(source)]
    text = _COMMENT.sub("", "\n".join([_CSS_IMPORT.sub("", source), *parts]))
    text = re.sub(r"\s+", " ", text)
    return re.sub(r" ?([{};,]) ?", r"\1", text).strip()


def joined_js(entry: Path) -> str:
    """Each module keeps a scope of its own: a block. That is the same only as long as modules import nothing."""
    modules = [entry.parent / name for name in _JS_IMPORT.findall(entry.read_text("utf-8"))]
    return "".join(f"{{\n{_lean_js(module)}\n}}\n" for module in modules)


def _lean_js(module: Path) -> str:
    """Without comments and indentation. Only whole lines are touched, so strings are safe."""
    text = module.read_text("utf-8")
    if re.search(r"^(import|export) ", text, re.MULTILINE):
        raise ValueError(f"{module.name} must not import or export: modules talk by events")
    lines = (line.strip() for line in text.splitlines())
    return "\n".join(line for line in lines if line and line != "*" and not line.startswith(("//", "/*", "* ", "*/")))


def _write(name: str, text: str) -> Path:
    path = BUILD / name
    path.write_text(text, encoding="utf-8")
    return path
