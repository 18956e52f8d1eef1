"""What may a part of this project not know, or ask of others?"""

import ast
import re
import tomllib
from collections.abc import Iterator

from tests.architecture.python_rules import Function, decorators
from tests.architecture.rules import ROOT, File, Finding, Rule

MOST_ARGUMENTS = 5
LONGEST_OPENING = 3
STORED = {"int", "str", "list[int]", "list[str]"}  # what a job may take: its row keeps them as JSON


def _layers() -> list[list[str]]:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    (layers,) = [contract["layers"] for contract in contracts if contract["id"] == "layers"]
    return [re.findall(r"\w+", layer) for layer in layers]


HEIGHT = {name: -depth for depth, layer in enumerate(_layers()) for name in layer}


def higher_names(file: File) -> Iterator[Finding]:
    """Imports are import-linter's; this is about addresses, models and modules that are named in strings."""
    higher = [name for name, height in HEIGHT.items() if height > HEIGHT[file.parts[1]]]
    named = re.compile(rf"(?:^|sportello\.)({'|'.join(higher)})[:.]\w")
    for node in file.nodes if higher else ():
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and named.search(node.value):
            yield Finding(node.lineno, f"{node.value!r} names a context above")


def many_arguments(file: File) -> Iterator[Finding]:
    for node in file.nodes:
        if isinstance(node, Function):
            named = [item.arg for item in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)]
            count = len(named) - (named[:1] in (["self"], ["cls"]))
            if count > MOST_ARGUMENTS:
                yield Finding(node.lineno, f"{count} arguments, {MOST_ARGUMENTS} are allowed", node.name)


def long_openings(file: File) -> Iterator[Finding]:
    question = (ast.get_docstring(file.tree) or "").split("\n\n")[0]
    if len(question.splitlines()) > LONGEST_OPENING:
        yield Finding(1, f"says its question in more than {LONGEST_OPENING} lines")


def heavy_jobs(file: File) -> Iterator[Finding]:
    for node in file.nodes:
        if isinstance(node, Function) and "task" in decorators(node):
            for item in (*node.args.args, *node.args.kwonlyargs):
                if item.annotation is None or ast.unparse(item.annotation) not in STORED:
                    yield Finding(node.lineno, f"takes {item.arg}: a job takes ids", node.name)


def own_settings(file: File) -> Iterator[Finding]:
    for node in file.nodes:
        if isinstance(node, ast.Attribute) and ast.unparse(node) in ("os.environ", "os.getenv"):
            yield Finding(node.lineno, "reads the environment: that is for config alone")


def sleeping_tests(file: File, by: str = "sleep") -> Iterator[Finding]:
    """To look again and again for a condition needs a pause; that is a `while`."""
    loops = [node for node in file.nodes if isinstance(node, ast.While)]
    waiting = {id(inner) for loop in loops for inner in ast.walk(loop)}
    for node in file.nodes:
        if isinstance(node, ast.Call) and id(node) not in waiting:
            called, given = ast.unparse(node.func), [ast.unparse(item) for item in node.args]
            if called.endswith(by) and given != ["0"]:
                yield Finding(node.lineno, "sleeps instead of waiting for something")


def _in_context(file: File) -> bool:
    return file.is_code and len(file.parts) > 2


def _at(context: str, text: str) -> File:
    return File(f"sportello/{context}/x.py", text)


RULES = [
    Rule(
        "what is low names nothing above",
        _in_context,
        higher_names,
        good=_at("desk", 'redirect("desk:ticket")\nmodels.ForeignKey("tickets.Ticket")\n"desk is closed"\n'),
        bad=_at("tickets", 'redirect("desk:ticket")\n'),
    ),
    Rule(
        "arguments are few",
        lambda file: file.is_code,
        many_arguments,
        good=_at("people", "def f(self, a, b, *, c, d, e): ...\n"),
        bad=_at("people", "def f(a, b, *, c, d, e, g): ...\n"),
    ),
    Rule(
        "a question is short",
        lambda file: file.is_code,
        long_openings,
        good=_at("people", '"""Who?\nWhere?\nWhen?\n\nA longer\nword\nabout\nit.\n"""\n'),
        bad=_at("people", '"""Who?\nWhere?\nWhen?\nWhy?\n"""\n'),
    ),
    Rule(
        "a job takes ids",
        lambda file: file.is_code,
        heavy_jobs,
        good=_at("people", "@task()\ndef greet(user_id: int) -> None: ...\n"),
        bad=_at("people", "@task()\ndef greet(user: User) -> None: ...\n"),
    ),
    Rule(
        "settings come from one place",
        lambda file: _in_context(file) and file.parts[1] != "config",
        own_settings,
        good=_at("people", "settings.SPORTELLO_URL\n"),
        bad=_at("people", 'os.environ["SPORTELLO_URL"]\n'),
    ),
    Rule(
        "tests do not sleep",
        lambda file: file.is_python and "tests" in file.parts,
        sleeping_tests,
        good=File("tests/x.py", "while not done():\n    time.sleep(0.1)\nawait asyncio.sleep(0)\n"),
        bad=File("tests/x.py", "time.sleep(0.1)\n"),
    ),
    Rule(
        "tests in a browser do not sleep either",
        lambda file: file.is_python and "tests" in file.parts,
        lambda file: sleeping_tests(file, by="wait_for_timeout"),
        good=File("tests/x.py", "page.wait_for_url('/desk/')\n"),
        bad=File("tests/x.py", "for page in pages:\n    page.wait_for_timeout(1000)\n"),
    ),
]
