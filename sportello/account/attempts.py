"""How many wrong passwords are too many? Counted for the account, for the network, and for both together.

A try counts before the password is looked at, so that many at once are no more than as many in a row; a right one is
given back. A pause ends by itself, and a mailed link lets its owner in meanwhile.
"""

from datetime import timedelta

import structlog
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import ngettext

from sportello.kernel.limits import give_back, take
from sportello.ui.visitor import network

PAUSE = timedelta(minutes=15)
FROM_ONE_NETWORK = 50
AT_ONE_ACCOUNT = 30
AT_ONE_ACCOUNT_FROM_ONE_NETWORK = 10

log = structlog.get_logger(__name__)


@transaction.atomic
def begin_try(request: HttpRequest, address: str) -> int:
    """Count it. How many seconds to wait before the next one; 0 when this one may be made."""
    counted: list[tuple[str, str]] = []
    for name, key, limit in _counters(request, address):
        taken = take(name, key, limit=limit, per=PAUSE)
        if not taken:
            for other in counted:  # who is turned away here uses up nothing of the others
                give_back(*other)
            return taken.retry_after_seconds
        counted.append((name, key))
    return 0


@transaction.atomic
def was_right(request: HttpRequest, address: str) -> None:
    for name, key, _limit in _counters(request, address):
        give_back(name, key)


def was_wrong(request: HttpRequest, address: str) -> None:
    log.warning("password refused", address=address, network=network(request))


def pause_sentence(seconds: int) -> str:
    minutes = -(-seconds // 60)
    text = ngettext(
        "There were too many failed attempts. Wait %(minutes)s minute, or have a link mailed to you.",
        "There were too many failed attempts. Wait %(minutes)s minutes, or have a link mailed to you.",
        minutes,
    )
    return text % {"minutes": minutes}


def _counters(request: HttpRequest, address: str) -> list[tuple[str, str, int]]:
    """Always in this order, so that two who count at once never wait for each other in a circle."""
    place = network(request)
    return [
        ("wrong-password-from", place, FROM_ONE_NETWORK),
        ("wrong-password-at", address, AT_ONE_ACCOUNT),
        ("wrong-password-at-from", f"{address} {place}", AT_ONE_ACCOUNT_FROM_ONE_NETWORK),
    ]
