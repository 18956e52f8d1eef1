"""Is every reason that the program writes down said in words, in each language?"""

import ast
import inspect
import re

import pytest
from django.conf import settings
from django.utils.translation import gettext, override

from sportello.channels.email import _defects
from sportello.channels.email.threading import NO_EVIDENCE
from sportello.desk.tickets import sentences
from sportello.portal import guard
from tests.i18n.marked import marked_for_later
from tests.i18n.test_translations import OTHERS, SOURCES

CAUSE = re.compile(r'[{]"by": "([^"]+)"')
FOLLOWED = re.compile(r"along_with[(](Ticket[A-Z]\w+|Message\w+)[,)]")
CODE = [path.read_text("utf-8") for path in SOURCES.rglob("*.py") if not {"tests", "migrations"} & set(path.parts)]
WRITTEN = sorted({text for code in CODE if "gettext_noop" in code for text in marked_for_later(code)})


def test_every_sign_of_a_machine_has_words() -> None:
    tree = ast.walk(ast.parse(inspect.getsource(guard.suspicion)))
    returned = [node.value for node in tree if isinstance(node, ast.Return)]
    codes = {value.value for value in returned if isinstance(value, ast.Constant)}
    assert len(codes) > 1 and codes - {""} == set(guard.SIGNS)


def test_every_cause_in_the_code_has_a_sentence() -> None:
    causes = {cause for code in CODE for cause in CAUSE.findall(code)}
    assert {"mail", "form guard", "fact", "bulk", "bulk-undo"} <= causes
    more = {"days": 14, "answer": "550 No such user", "fact": "TicketMoved", "code": "never shown"}
    told = [sentences.why({"by": cause} | more) for cause in causes]
    assert all(words and "never shown" not in words for words in told)


def test_every_fact_that_others_follow_from_has_a_sentence() -> None:
    followed = {fact for code in CODE for fact in FOLLOWED.findall(code)}
    assert "MessageAdded" in followed
    assert all(sentences.why({"by": "fact", "fact": fact}) for fact in followed)


def test_reasons_are_found_wherever_they_are_written() -> None:
    assert {*guard.SIGNS.values(), _defects.EMPTY, NO_EVIDENCE.text} < set(WRITTEN)


@pytest.mark.parametrize("text", WRITTEN)
def test_every_reason_at_a_message_is_said_in_the_language_of_its_reader(text: str) -> None:
    assert set(OTHERS) == {code for code, _name in settings.LANGUAGES} - {"en"}
    for code in OTHERS:
        with override(code):
            assert gettext(text) != text
