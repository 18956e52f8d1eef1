"""How often may something be done? Counted in the database, so that the answer holds for all processes together.

A window opens with the first take and lasts `per`; `limit` takes are allowed in it. So at worst twice the limit falls
into one stretch of `per`, around the border of two windows. Inside a transaction a take counts when that commits,
and on PostgreSQL others who take the same key wait until then: take first, or in a transaction of its own.
"""

from dataclasses import dataclass
from datetime import timedelta

from django.db import connection
from django.db.models import F
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django_tasks import task

from sportello.kernel.models import Limit

_TAKE = """
insert into kernel_limit (name, key_hash, count, resets_at_ms) values (%(name)s, %(key)s, 1, %(now)s + %(per)s)
on conflict (name, key_hash) do update set
    count = case when kernel_limit.resets_at_ms <= %(now)s then 1
                 when kernel_limit.count > %(limit)s then kernel_limit.count
                 else kernel_limit.count + 1 end,
    resets_at_ms = case when kernel_limit.resets_at_ms <= %(now)s then %(now)s + %(per)s
                        else kernel_limit.resets_at_ms end
returning count, resets_at_ms
"""


@dataclass(frozen=True)
class Allowed:
    ok: bool
    retry_after_seconds: int
    """Until when to wait, rounded up; 0 when `ok`."""

    def __bool__(self) -> bool:
        return self.ok


def take(name: str, key: str, *, limit: int, per: timedelta) -> Allowed:
    """Count one more `name` by `key` (an address, a user): is it within the limit? The key is stored as a hash only."""
    now = _now_ms()
    window = per // timedelta(milliseconds=1)
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, {"name": name, "key": _hash(name, key), "now": now, "limit": limit, "per": window})
        count, resets_at = cursor.fetchone()
    if count <= limit:
        return Allowed(ok=True, retry_after_seconds=0)
    return Allowed(ok=False, retry_after_seconds=-((now - resets_at) // 1000))


def give_back(name: str, key: str) -> None:
    """Count one less: for those who count only what failed, and take before they know."""
    counted = Limit.objects.filter(name=name, key_hash=_hash(name, key), count__gt=0, resets_at_ms__gt=_now_ms())
    counted.update(count=F("count") - 1)


@task(queue_name="bulk")
def prune_limits() -> None:
    Limit.objects.filter(resets_at_ms__lt=_now_ms()).delete()


def _now_ms() -> int:
    return int(timezone.now().timestamp() * 1000)


def _hash(name: str, key: str) -> str:
    return salted_hmac(f"sportello.limits.{name}", key, algorithm="sha256").hexdigest()
