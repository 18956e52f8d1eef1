"""Is every rule kept in the whole tree, does it know good from bad, and is every exception still needed?"""

from functools import cache

import pytest

from tests.architecture import context_rules, python_rules, template_rules, tree_rules
from tests.architecture.exceptions import EXCEPTIONS
from tests.architecture.rules import File, Finding, Rule, place, the_tree

pytestmark = pytest.mark.only_sqlite

RULES = {
    rule.name: rule for rule in [*python_rules.RULES, *context_rules.RULES, *template_rules.RULES, *tree_rules.RULES]
}
each_rule = pytest.mark.parametrize("rule", RULES.values(), ids=RULES)


@cache
def found_by(rule: Rule) -> list[tuple[File, Finding]]:
    return [(file, finding) for file in the_tree() for finding in rule.findings(file)]


@each_rule
def test_the_tree_keeps_the_rule(rule: Rule) -> None:
    allowed = EXCEPTIONS.get(rule.name, {})
    broken = [
        f"{file.path}:{finding.line} {finding.name} {finding.what}"
        for file, finding in found_by(rule)
        if place(file, finding) not in allowed
    ]
    assert not broken, "\n".join([f"The rule is: {rule.name}.", *broken])


@each_rule
def test_the_rule_lets_the_good_line_pass(rule: Rule) -> None:
    assert rule.covers(rule.good) or rule.covers(rule.bad)
    assert rule.findings(rule.good) == []


@each_rule
def test_the_rule_finds_the_bad_line(rule: Rule) -> None:
    assert rule.findings(rule.bad)


def test_exceptions_are_about_rules() -> None:
    assert set(EXCEPTIONS) - {"contexts are small"} <= set(RULES)


@each_rule
def test_every_exception_is_needed_and_has_a_reason(rule: Rule) -> None:
    needed = {place(file, finding) for file, finding in found_by(rule)}
    for where, reason in EXCEPTIONS.get(rule.name, {}).items():
        assert where in needed, f"{where} keeps the rule now: take its exception away"
        assert len(reason.split()) > 2


def test_tests_live_in_packages() -> None:
    assert tree_rules.packages_that_are_none({file.path for file in the_tree()}) == []


def test_a_folder_of_tests_without_init_is_found() -> None:
    assert tree_rules.packages_that_are_none({"a/test_x.py"}) == ["a"]
    assert tree_rules.packages_that_are_none({"a/test_x.py", "a/__init__.py"}) == []
