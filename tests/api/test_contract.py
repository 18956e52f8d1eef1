"""Does every operation answer as its description says, whatever it is sent and whoever may call it?"""

from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from sportello.api.tokens import issue_token
from sportello.api.urls import api
from tests.api.feeding import Case, feed
from tests.permissions.world import World, make_world

schema = schemathesis.openapi.from_dict(api.get_openapi_schema())
DESK = get_wsgi_application()
PROMISES = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]


def _read_to_its_end(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    """As a server does, which then closes the answer, and with it a file."""
    with closing(DESK(environ, start_response)) as answer:
        return list(answer)


schema.app = _read_to_its_end


@dataclass
class Doors:
    """The world, a token for each of its people, and what was answered so far."""

    world: World
    tokens: dict[str, str]
    answers: Counter[int] = field(default_factory=Counter)


@pytest.fixture
def doors(db: None) -> Iterator[Doors]:
    """With the connection kept open after a request, as Django's own test client does."""
    world = make_world()
    tokens = {role: issue_token(person, "contract") for role, person in world.people.items() if person}
    request_started.disconnect(close_old_connections)
    request_finished.disconnect(close_old_connections)
    yield (doors := Doors(world, tokens))
    request_started.connect(close_old_connections)
    request_finished.connect(close_old_connections)
    assert any(200 <= status < 300 for status in doors.answers), f"No case got through: {doors.answers}"


@schema.parametrize()
@settings(
    max_examples=16,
    derandomize=True,  # whether every operation let a case through must not hang on luck
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_an_operation_answers_as_described(case: Case, doors: Doors) -> None:
    role = feed(case, doors.world)
    headers = {"Authorization": f"Bearer {doors.tokens[role]}", "Accept-Encoding": "identity"}
    with transaction.atomic():
        response = case.call(headers=headers)
        transaction.set_rollback(True)
    doors.answers[response.status_code] += 1
    case.validate_response(response, checks=PROMISES)
