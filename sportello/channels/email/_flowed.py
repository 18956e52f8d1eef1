"""How did the writer of a format=flowed text break its lines? Joins soft breaks again (RFC 3676)."""

import re

_QUOTE = re.compile(r">*")


def unflow(text: str, *, delsp: bool) -> str:
    """One line per paragraph; quote marks are written as "> " and space-stuffing is undone."""
    out: list[str] = []
    paragraph: list[str] = []
    depth = 0
    for line in text.split("\n"):
        marks = _QUOTE.match(line)
        level = marks.end() if marks else 0
        content = line[level:].removeprefix(" ")
        if paragraph and level != depth:
            out.append(_quoted(depth, "".join(paragraph)))
            paragraph = []
        depth = level
        flows = content.endswith(" ") and content != "-- "
        paragraph.append(content[:-1] if flows and delsp else content)
        if not flows:
            out.append(_quoted(depth, "".join(paragraph)))
            paragraph = []
    if paragraph:
        out.append(_quoted(depth, "".join(paragraph)))
    return "\n".join(out)


def _quoted(depth: int, text: str) -> str:
    text = text if text == "-- " else text.rstrip(" ")
    return f"{'>' * depth} {text}".rstrip(" ") if depth else text
