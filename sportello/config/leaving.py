"""How does the program end? At once when its work is done: taking Python apart, thread by thread, takes seconds."""

import logging
import os
import sys
import threading
import time

from django.db import DatabaseError, connection

log = logging.getLogger(__name__)


def leave() -> None:
    """End this process with success, without waiting for threads that still run."""
    _bring_home()
    logging.shutdown()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)


def leave_within(seconds: float) -> None:
    """Let this process end by itself, or end it."""
    threading.Thread(target=_leave_after, args=(seconds,), daemon=True).start()


def _leave_after(seconds: float) -> None:
    time.sleep(seconds)
    log.warning("not everything ended in %s s, what still ran was let go", seconds)
    leave()


def _bring_home() -> None:
    """SQLite: what the journal holds goes into the database file, so that a copy of it is whole. Never waits long."""
    if connection.vendor != "sqlite":
        return
    try:
        with connection.cursor() as cursor:
            cursor.execute("pragma busy_timeout = 500")
            cursor.execute("pragma wal_checkpoint(truncate)")
    except DatabaseError as error:
        log.warning("the journal stays beside the database: %s", error)
