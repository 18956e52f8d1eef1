"""How does a change reach the open screens of every process? Told in the transaction, heard after its commit."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections

from sportello.kernel.models import LiveSignal

CHANNEL = "sportello_live"
MISSED = "missed"  # the topic of the hub's own signal: some signals were lost, look at everything again
MAX_BYTES = 7_000  # PostgreSQL refuses 8,000


@dataclass(frozen=True)
class Signal:
    """Something to look at again. It carries ids, never contents: rights are checked when it is passed on."""

    topic: str
    data: Mapping[str, Any] = field(default_factory=dict)


def publish(topic: str, **data: Any) -> None:
    """Tell the subscribers of all processes, once the running transaction (if any) commits; never if it does not.

    Raises ValueError when topic and data together are over 7,000 bytes of JSON.
    """
    payload = as_payload(Signal(topic, data))
    connection = connections[DEFAULT_DB_ALIAS]
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("select pg_notify(%s, %s)", [CHANNEL, payload])
    else:
        LiveSignal.objects.create(topic=topic, data=data)


def as_payload(signal: Signal) -> str:
    payload = json.dumps([signal.topic, signal.data], separators=(",", ":"))
    if len(payload) > MAX_BYTES:  # ASCII, so characters are bytes
        raise ValueError(f"The signal {signal.topic} is {len(payload)} bytes long. Send ids, not contents.")
    return payload


def from_payload(payload: str) -> Signal:
    topic, data = json.loads(payload)
    return Signal(topic, data)


def from_row(topic: str, data: str) -> Signal:
    return Signal(topic, json.loads(data))
