"""How many wrong passwords are too many? Counted for the account, for the network, and for both together.

Only failures count. A pause ends by itself, and a mailed link lets its owner in meanwhile.
"""

from datetime import timedelta

import structlog
from django.http import HttpRequest

from sportello.kernel.limits import peek, take
from sportello.ui.visitor import network

PAUSE = timedelta(minutes=15)
FROM_ONE_NETWORK = 50
AT_ONE_ACCOUNT = 30
AT_ONE_ACCOUNT_FROM_ONE_NETWORK = 10

log = structlog.get_logger(__name__)


def pause_seconds(request: HttpRequest, address: str) -> int:
    """How long to wait before the next try; 0 when it may be now."""
    looks = [peek(name, key, limit=limit) for name, key, limit in _counters(request, address)]
    return max(look.retry_after_seconds for look in looks)


def note_failure(request: HttpRequest, address: str) -> None:
    log.warning("sign-in refused", address=address, network=network(request))
    for name, key, limit in _counters(request, address):
        take(name, key, limit=limit, per=PAUSE)


def _counters(request: HttpRequest, address: str) -> list[tuple[str, str, int]]:
    place = network(request)
    return [
        ("wrong-password-from", place, FROM_ONE_NETWORK),
        ("wrong-password-at", address, AT_ONE_ACCOUNT),
        ("wrong-password-at-from", f"{address} {place}", AT_ONE_ACCOUNT_FROM_ONE_NETWORK),
    ]
