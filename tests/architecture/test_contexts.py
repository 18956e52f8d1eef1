"""Do rows point down only, and is every context small enough to be one?"""

from collections import Counter
from collections.abc import Iterable

import pytest
from django.apps import apps
from django.apps.registry import Apps
from django.db import models

from tests.architecture.context_rules import HEIGHT
from tests.architecture.exceptions import EXCEPTIONS
from tests.architecture.rules import File, the_tree

pytestmark = pytest.mark.only_sqlite

MOST_LINES = 3000
MOST_MODELS = 12


def context_of(model: type[models.Model]) -> str:
    """`channels` for sportello.channels.email.models; what is not ours lies below everything."""
    package, _, rest = model.__module__.partition(".")
    return rest.partition(".")[0] if package == "sportello" else ""


def climbing(all_models: Iterable[type[models.Model]]) -> list[str]:
    return [
        f"{model.__name__}.{field.name}"
        for model in all_models
        for field in model._meta.get_fields()
        if field.concrete and field.is_relation and height(field.related_model) > height(model)
    ]


def height(model: type[models.Model] | None) -> int:
    return HEIGHT.get(context_of(model) if model else "", min(HEIGHT.values()))


def large_contexts(files: Iterable[File], all_models: Iterable[type[models.Model]]) -> dict[str, str]:
    lines = Counter[str]()
    for file in files:
        if file.is_code and len(file.parts) > 2:
            lines[file.parts[1]] += len(file.lines)
    nouns = Counter(context_of(model) for model in all_models)
    return {
        name: f"{lines[name]} lines, {nouns[name]} models"
        for name in HEIGHT
        if lines[name] > MOST_LINES or nouns[name] > MOST_MODELS
    }


def test_rows_point_down_only() -> None:
    assert climbing(apps.get_models()) == []


def test_a_row_that_points_up_is_found() -> None:
    class Low(models.Model):
        high = models.ForeignKey(apps.get_model("tickets", "Ticket"), models.CASCADE, related_name="+")

        class Meta:
            app_label = "kernel"
            apps = Apps()

        def __str__(self) -> str:
            return "low"

    Low.__module__ = "sportello.kernel.models.low"
    assert climbing([Low]) == ["Low.high"]


def test_a_context_is_small_or_has_a_reason() -> None:
    large = large_contexts(the_tree(), apps.get_models())
    assert set(large) == set(EXCEPTIONS["contexts are small"]), large


def test_a_large_context_is_found() -> None:
    assert large_contexts([File("sportello/people/x.py", "\n" * MOST_LINES)], []) == {}
    assert large_contexts([File("sportello/people/x.py", "\n" * (MOST_LINES + 1))], []) == {
        "people": "3001 lines, 0 models"
    }
