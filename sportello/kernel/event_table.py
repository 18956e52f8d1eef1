"""Which facts are there, where is each written, and what reacts to it?"""

import ast
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import sportello
from sportello.kernel.events import kinds, reactions_to

_ASK = {"isinstance", "issubclass", "on"}  # calls that take a fact's class and write nothing


def table() -> str:
    """In Markdown, without what tests declare."""
    writers = _writers()
    lines = ["| fact | fields | written in | reacts |", "| --- | --- | --- | --- |"]
    for kind in kinds():
        if not _of_tests(kind.__module__):
            names = ", ".join(field.name for field in fields(kind))
            reactions = [reaction for reaction in reactions_to(kind) if not _of_tests(reaction.__module__)]
            reacts = [f"{reaction.__module__}.{reaction.__name__}" for reaction in reactions]
            lines.append(f"| `{kind.kind}` | {names} | {_listed(writers[kind.kind])} | {_listed(reacts)} |")
    return "\n".join(lines) + "\n"


def written_in(source: str) -> set[str]:
    """Names that are called, or given to a call: `TicketOpened(…)`, `_move(TicketClosed, …)`."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and not (isinstance(node.func, ast.Name) and node.func.id in _ASK):
            for part in (node.func, *node.args):
                choices = (part.body, part.orelse) if isinstance(part, ast.IfExp) else (part,)
                found |= {choice.id for choice in choices if isinstance(choice, ast.Name)}
    return found


def _writers() -> dict[str, list[str]]:
    names = {kind.kind for kind in kinds()}
    writers = defaultdict[str, list[str]](list)
    for module, path in _modules():
        source = path.read_text("utf-8")
        if any(name in source for name in names):
            for name in names & written_in(source):
                writers[name].append(module)
    return writers


def _modules() -> Iterator[tuple[str, Path]]:
    root = Path(sportello.__file__).parent
    for path in sorted(root.rglob("*.py")):
        module = ".".join(path.relative_to(root.parent).with_suffix("").parts)
        if not _of_tests(module):
            yield module, path


def _of_tests(module: str) -> bool:
    return "tests" in module.split(".")


def _listed(modules: list[str]) -> str:
    return ", ".join(f"`{module.removeprefix('sportello.')}`" for module in modules)
