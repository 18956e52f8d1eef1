"""What goes into the log? One line an event, as JSON or text, without secrets."""

import errno
import logging
import re
import sys
import time
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

import structlog
from django.apps import apps
from django.urls import get_resolver

_SECRET_NAMES = re.compile(r"password|secret|token|authorization|cookie|session|api_key|sealed", re.IGNORECASE)
_ADVICE_OF_DJANGO = re.compile(r" You may need to add .* to ALLOWED_HOSTS\.$", re.DOTALL)
_OUR_ADVICE = " If it is an address of yours, name it in SPORTELLO_HOSTS."
_SECRET_VALUES = re.compile(r"(?i)(bearer\s+|password=|token=)[^\s&\"']+")


def hide_secrets(_logger: Any, _method: str, event: dict[str, Any]) -> dict[str, Any]:
    """Blank values whose name says that they are secret, and secrets inside texts. Line breaks cannot forge lines."""
    for name, value in event.items():
        if _SECRET_NAMES.search(name):
            event[name] = "…"
        elif isinstance(value, str):
            event[name] = _hide_paths(_SECRET_VALUES.sub(r"\1…", value))
    return event


def _hide_paths(text: str) -> str:
    """Until the apps are there nobody can have asked for an address."""
    return _secret_paths().sub(r"\1…", text) if "/" in text and apps.ready else text


@cache
def _secret_paths() -> re.Pattern[str]:
    """The token in an address, for each address that has one; group 1 stands before it."""
    before = sorted(set(_before_tokens("/", get_resolver().url_patterns)), key=len, reverse=True)
    return re.compile(rf"({'|'.join(before) or '(?!)'})[^\s/?&\"']+")


def _before_tokens(start: str, patterns: Iterable[Any]) -> Iterator[str]:
    for pattern in patterns:
        way = start + str(pattern.pattern)
        before, token, _after = way.partition("<str:token>")
        if token:
            yield re.sub("<[^>]*>", "[^/]+", re.escape(before))
        else:
            yield from _before_tokens(way, getattr(pattern, "url_patterns", ()))


def their_mistakes_are_warnings(record: logging.LogRecord) -> bool:
    """What was refused (4xx) is one line: the trace shows only how we refuse, and strangers could write pages of it.

    Nor is it an error of ours, and a host that is none of ours need not become one, as Django advises.
    """
    if getattr(record, "status_code", 500) < 500:
        record.exc_info = None
        if record.levelno > logging.WARNING:
            record.levelno, record.levelname = logging.WARNING, "WARNING"
        record.msg = _ADVICE_OF_DJANGO.sub(_OUR_ADVICE, str(record.msg))
    return True


class OnceAMinute(logging.Filter):
    """ "Too many open files" is said for each who knocks, thousands of times a second: one line a minute is enough."""

    _silent_until = 0.0

    def filter(self, record: logging.LogRecord) -> bool:
        if not _is_out_of_files(record):
            return True
        record.exc_info = None
        now = time.monotonic()
        if now < self._silent_until:
            return False
        self._silent_until = now + 60
        return True


def _is_out_of_files(record: logging.LogRecord) -> bool:
    error = record.exc_info[1] if record.exc_info else None
    return isinstance(error, OSError) and error.errno in (errno.EMFILE, errno.ENFILE)


def set_up(form: str, *, level: int = logging.INFO) -> None:
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        hide_secrets,
    ]
    last: Any = structlog.processors.JSONRenderer(ensure_ascii=False)
    if form == "text":
        last = structlog.dev.ConsoleRenderer(
            colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
        )
        shared.remove(structlog.processors.format_exc_info)
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, last],
        )
    )
    handler.addFilter(their_mistakes_are_warnings)
    handler.addFilter(OnceAMinute())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for noisy in ("mail.log", "httpx", "uvicorn.access", "asyncio", "fontTools"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    logging.getLogger("uvicorn.error").setLevel(logging.WARNING)
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
