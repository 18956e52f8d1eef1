"""How does an invented case reach a row? It gets numbers, addresses and a caller of the world in place of invented ones.

Who calls, and with which numbers in the path, says the table of permissions: its rows that are answered 2xx. What stands
in the body or behind the question mark is fed by its name; now and then the body is the table's. Some of each stays
invented, and so does what a case has made wrong on purpose.
"""

from random import Random
from typing import Any

import schemathesis
from schemathesis import GenerationMode
from schemathesis.core.parameters import ParameterLocation

from tests.permissions.expected import ROLES, Row
from tests.permissions.expected_api import API
from tests.permissions.world import World

Case = schemathesis.Case[Any]

# Names of the world, or values as they are.
TEAMS = ("team", "other_team", "back_office")
PEOPLE = ("asker", "stranger", "agent", "supervisor", "light")
TICKETS = ("ticket", "solved")
ADDRESSES = ("asker@example.com", "agent@spa.example", "new@example.com", "desk@counter.example")
QUESTIONS = ("status:any", "status:open tag:heat", "heat", "assignee:me")
FED: dict[str, tuple[str, ...]] = {
    "team_id": TEAMS,
    "team": TEAMS,
    "assignee_id": ("agent", "supervisor", "asker"),
    "assignee": ("agent", "supervisor", "asker"),
    "requester_id": PEOPLE,
    "organisation_id": ("organisation", "sharing"),
    "tickets": TICKETS,
    "seen": ("sent", "note", "public"),
    "requester": ADDRESSES,
    "address": ADDRESSES,
    "to": ADDRESSES,
    "cc": ADDRESSES,
    "language": ("en", "it"),
    "time_zone": ("Europe/Rome", "UTC"),
    "q": QUESTIONS,
    "query": QUESTIONS,
    "at": ("2499-01-01T00:00:00Z",),
    "content": ("NDI=",),
    "restoration": ("removed_view",),
}
SERVERS = {"smtp_host", "imap_host"}  # never invented: to try one would leave this machine


def _callers() -> dict[str, list[tuple[str, Row]]]:
    """By operation: each role that the table lets in, and with what."""
    found: dict[str, list[tuple[str, Row]]] = {}
    for row in API:
        operation = f"{row.method} {row.name.partition('?')[0]}"
        for role, expected in zip(ROLES, row.expected.split(), strict=True):
            if expected.startswith("2"):
                found.setdefault(operation, []).append((role, row))
    return found


CALLERS = _callers()


def feed(case: Case, world: World) -> str:
    """Put rows of the world into the case; answer who calls. The same case is always fed the same."""
    draw = Random(repr((case.path_parameters, case.query, case.body)))
    role, row = draw.choice(CALLERS[case.operation.label])
    if _is_sound(case, ParameterLocation.PATH) and case.path_parameters and draw.random() < 0.8:
        case.path_parameters = dict(zip(case.path_parameters, map(world.filled, row.args), strict=True))
    if _is_sound(case, ParameterLocation.QUERY) and case.query:
        case.query = _fed(case.query, "", draw, world)
    if _is_sound(case, ParameterLocation.BODY) and isinstance(case.body, dict):
        known = {name: world.filled(value) for name, value in row.data.items()}
        case.body = known if known and draw.random() < 0.2 else _fed(case.body, "", draw, world)
    if isinstance(case.body, dict):
        case.body |= {name: "127.0.0.1" for name in SERVERS if isinstance(case.body.get(name), str)}
    return role


def _is_sound(case: Case, place: ParameterLocation) -> bool:
    """Whether that part is as described, not wrong on purpose."""
    component = case.meta.components.get(place) if case.meta else None
    return component is not None and component.mode == GenerationMode.POSITIVE


def _fed(value: Any, name: str, draw: Random, world: World) -> Any:
    if isinstance(value, dict):
        return {key: _fed(inner, key, draw, world) for key, inner in value.items()}
    if isinstance(value, list):
        return [_fed(inner, name, draw, world) for inner in value]
    if name not in FED or value is None or draw.random() < 0.2:
        return value
    chosen = draw.choice(FED[name])
    return world.ids.get(chosen, chosen)
