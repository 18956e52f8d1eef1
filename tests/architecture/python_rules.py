"""What may Python in this project not do, beyond what ruff and mypy see?"""

import ast
import io
import re
import tokenize
from collections.abc import Iterator

from tests.architecture.rules import File, Finding, Rule

Function = ast.FunctionDef | ast.AsyncFunctionDef

LONGEST_FUNCTION = 40
LONGEST_VIEW = 25
LONGEST_REACTION = 10
LONGEST_JOB = 5
MOST_PUBLIC_METHODS = 15


def _functions(file: File) -> Iterator[Function]:
    return (node for node in file.nodes if isinstance(node, Function))


def _calls(file: File) -> Iterator[tuple[ast.Call, ast.Attribute]]:
    for node in file.nodes:
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            yield node, node.func


def decorators(node: Function) -> set[str]:
    """Their last names: `task` for @task, @task(...) and @jobs.task."""
    plain = (item.func if isinstance(item, ast.Call) else item for item in node.decorator_list)
    return {item.attr if isinstance(item, ast.Attribute) else getattr(item, "id", "") for item in plain}


def _length(node: Function) -> int:
    """Lines of the body without its docstring."""
    body = node.body[1:] if ast.get_docstring(node) is not None else node.body
    return (node.end_lineno or 0) - body[0].lineno + 1 if body else 0


def _limit(file: File, node: Function) -> tuple[int, str]:
    if "on" in decorators(node):
        return LONGEST_REACTION, "a reaction"
    if "task" in decorators(node):
        return LONGEST_JOB, "a job"
    if file.is_door and node.args.args and node.args.args[0].arg == "request":
        return LONGEST_VIEW, "a view"
    return LONGEST_FUNCTION, "a function"


def long_functions(file: File) -> Iterator[Finding]:
    for node in _functions(file):
        limit, kind = _limit(file, node)
        if _length(node) > limit:
            yield Finding(node.lineno, f"{kind} of {_length(node)} lines, {limit} are allowed", node.name)


def wide_classes(file: File) -> Iterator[Finding]:
    """A queryset may have any number of adjectives; they are words, not duties."""
    for node in file.nodes:
        if isinstance(node, ast.ClassDef) and not node.name.endswith("QuerySet"):
            public = [item for item in node.body if isinstance(item, Function) and not item.name.startswith("_")]
            if len(public) > MOST_PUBLIC_METHODS:
                yield Finding(node.lineno, f"{len(public)} public methods: a noun is hiding here", node.name)


def modules_without_question(file: File) -> Iterator[Finding]:
    if file.tree.body and ast.get_docstring(file.tree) is None:
        yield Finding(1, "does not open with the question that it answers")


def careless_saves(file: File) -> Iterator[Finding]:
    """A model's `save` names its fields. Storages take a name first; forms and sessions have a `save` of their own."""
    for call, function in _calls(file):
        if function.attr != "save" or call.args:
            continue
        named = {keyword.arg for keyword in call.keywords}
        if not named & {"update_fields", "force_insert", "commit", None} and not _owner(function).endswith(
            ("form", "session")
        ):
            yield Finding(call.lineno, ".save() without update_fields")


def _owner(function: ast.Attribute) -> str:
    return ast.unparse(function.value).lower()


def overridden_saves(file: File) -> Iterator[Finding]:
    for node in file.nodes:
        if isinstance(node, ast.ClassDef) and not node.name.endswith("Form"):
            for item in node.body:
                if isinstance(item, Function) and item.name == "save":
                    yield Finding(item.lineno, "overrides save(): write a verb", node.name)


def queries_in_doors(file: File) -> Iterator[Finding]:
    """To take a row by its key is no condition, nor is to go on after it."""
    for call, function in _calls(file):
        by_key = {keyword.arg for keyword in call.keywords} <= {"pk", "pk__lt"} and not call.args
        if function.attr in ("filter", "exclude", "annotate") and _owner(function) != "register" and not by_key:
            yield Finding(call.lineno, f".{function.attr}( in a door: give the queryset a named method")


WITH_PAGES = ("desk", "portal", "api", "account", "ui", "demo", "config")


def _imports(file: File) -> Iterator[tuple[int, str]]:
    """Line and full name: `django.http` for `from django import http` too."""
    for node in file.nodes:
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


def pages_outside_doors(file: File) -> Iterator[Finding]:
    for line, name in _imports(file):
        if name.startswith(("django.http", "django.shortcuts")):
            yield Finding(line, f"imports {name}: only doors speak HTTP")


SAY_IT_ALL = {"E402", "F403", "N802"}  # the environment comes first, a star, a name that another library chose
_SILENCER = re.compile(r"#\s*(type: ignore|noqa)(?P<code>\[[\w, -]+\]|: ?[A-Z]+\d+(, ?[A-Z]+\d+)*)?(?P<reason>.*)")


def silence_without_reason(file: File) -> Iterator[Finding]:
    if not _SILENCER.search(file.text):
        return
    for token in tokenize.generate_tokens(io.StringIO(file.text).readline):
        found = _SILENCER.search(token.string) if token.type == tokenize.COMMENT else None
        if not found or set(re.findall(r"[A-Z]+\d+", found["code"] or "")) & SAY_IT_ALL:
            continue
        if not (found["code"] and re.search(r"[a-z]{2,}", _SILENCER.sub(r"\g<reason>", found["reason"]))):
            yield Finding(token.start[0], f"`{token.string}` gives no reason")


def project_in_migrations(file: File) -> Iterator[Finding]:
    for line, name in _imports(file):
        if name.split(".")[0] == "sportello":
            yield Finding(line, f"imports {name}, which will have changed when this runs again")


def _in(path: str, text: str) -> File:
    return File(path, text)


def _outside_doors(file: File) -> bool:
    return file.is_code and len(file.parts) > 2 and file.parts[1] not in WITH_PAGES


LONG_BODY = "\n".join(f"    line({number})" for number in range(26))

RULES = [
    Rule(
        "functions are short",
        lambda file: file.is_code,
        long_functions,
        good=_in("sportello/tickets/x.py", f"def verb(request):\n{LONG_BODY}"),
        bad=_in("sportello/desk/x.py", f"def view(request):\n{LONG_BODY}"),
    ),
    Rule(
        "classes are narrow",
        lambda file: file.is_code,
        wide_classes,
        good=_in("sportello/x.py", "class A:\n" + "".join(f"    def _a{n}(self): ...\n" for n in range(16))),
        bad=_in("sportello/x.py", "class A:\n" + "".join(f"    def a{n}(self): ...\n" for n in range(16))),
    ),
    Rule(
        "modules open with their question",
        lambda file: file.is_python and "migrations" not in file.parts,
        modules_without_question,
        good=_in("sportello/x.py", '"""What is asked here?"""\nx = 1\n'),
        bad=_in("sportello/x.py", "x = 1\n"),
    ),
    Rule(
        "save names its fields",
        lambda file: file.is_python and file.parts[0] == "sportello",
        careless_saves,
        good=_in("sportello/x.py", "a.save(update_fields=['b'])\nform.save()\nstorage.save('name', content)\n"),
        bad=_in("sportello/x.py", "a.save()\n"),
    ),
    Rule(
        "save is not overridden",
        lambda file: file.is_code,
        overridden_saves,
        good=_in("sportello/x.py", "class TicketForm:\n    def save(self): ...\n"),
        bad=_in("sportello/x.py", "class Ticket:\n    def save(self): ...\n"),
    ),
    Rule(
        "doors do not query",
        lambda file: file.is_door and not {"models.py", "models", "querysets.py"} & set(file.parts),
        queries_in_doors,
        good=_in("sportello/desk/x.py", "Ticket.objects.open().filter(pk=1)\n@register.filter()\ndef f(): ...\n"),
        bad=_in("sportello/desk/x.py", "Ticket.objects.filter(pk__in=numbers)\n"),
    ),
    Rule(
        "only doors speak HTTP",
        _outside_doors,
        pages_outside_doors,
        good=_in("sportello/tickets/x.py", "from django.db import models\n"),
        bad=_in("sportello/tickets/x.py", "from django import shortcuts\n"),
    ),
    Rule(
        "who silences a tool says why",
        lambda file: file.is_python,
        silence_without_reason,
        good=_in("x.py", "a()  # type: ignore[misc]  # not in the stubs\nb()  # noqa: S105  no secret\n"),
        bad=_in("x.py", "a()  # type: ignore[misc]\n"),
    ),
    Rule(
        "migrations stand alone",
        lambda file: file.is_python and "migrations" in file.parts,
        project_in_migrations,
        good=_in("sportello/x/migrations/0001_x.py", "from django.db import migrations\n"),
        bad=_in("sportello/x/migrations/0001_x.py", "from sportello.people.models import User\n"),
    ),
]
