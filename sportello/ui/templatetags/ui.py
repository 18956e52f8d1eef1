"""Which small pieces of markup does every row repeat? Plain functions, cheap enough for a page of fifty rows."""

import re
from datetime import datetime
from functools import lru_cache
from typing import Any
from zlib import crc32

from django import template
from django.http import HttpRequest
from django.template import Context
from django.templatetags.static import static
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import ngettext

from sportello.ui import fragments, navigation, times

register = template.Library()

HUES = 8


@register.simple_tag
@lru_cache(maxsize=512)
def icon(name: str, kind: str = "", label: str = "") -> SafeString:
    """`{% icon "mail" %}`; `kind` adds classes ("icon--sm"), `label` makes it speak for itself."""
    classes = f"icon {kind}".strip()
    voice = f'role="img" aria-label="{escape(label)}"' if label else 'aria-hidden="true"'
    sprite = static("ui/icons/sprite.svg")
    return mark_safe(f'<svg class="{escape(classes)}" {voice}><use href="{sprite}#icon-{escape(name)}"/></svg>')


@register.simple_tag
def avatar(person: Any, kind: str = "", *, label: str = "", decorative: bool = False, presence: str = "") -> SafeString:
    """`{% avatar ticket.assignee %}`: initials of `str(person)` on a hue by its id; nobody is a dashed ring.

    `kind` is "sm" or "lg"; `decorative` when the name stands beside it; `label` names nobody.
    """
    name = str(person) if person else label
    return _avatar(name, _key(person), kind, decorative, presence)


def _key(person: Any) -> str:
    return "" if not person else str(getattr(person, "pk", person))


@lru_cache(maxsize=2048)
def _avatar(name: str, key: str, kind: str, decorative: bool, presence: str) -> SafeString:  # noqa: FBT001  private
    classes = " ".join(["avatar", *(f"avatar--{word}" for word in kind.split()), *([] if key else ["avatar--none"])])
    hue = format_html(' data-hue="{}"', hue_of(key)) if key else ""
    here = format_html(' data-presence="{}"', presence) if presence else ""
    voice = (
        mark_safe(' aria-hidden="true"')
        if decorative or not name
        else format_html(' role="img" aria-label="{}" title="{}"', name, name)
    )
    return format_html('<span class="{}"{}{}{}>{}</span>', classes, hue, here, voice, initials(name) if key else "")


def hue_of(key: object) -> int:
    """One of eight, the same for the same id for ever."""
    return crc32(str(key).encode()) % HUES + 1


def initials(name: str) -> str:
    """Two letters at most: first and last word of a name, the first two letters of an address."""
    words: list[str] = re.findall(r"[^\W_]+", name.partition("@")[0])
    if not words:
        return "?"
    if len(words) == 1 or "@" in name:
        return words[0][:2].upper()
    return (words[0][0] + words[-1][0]).upper()


@register.simple_tag
def when(moment: datetime | None, kind: str = "") -> SafeString:
    """How long ago, as short as it goes: "6m", "3h", "2d", then the date. Keeps itself current."""
    return _aged(moment, kind, times.SHORT)


@register.simple_tag
def since(moment: datetime | None, kind: str = "") -> SafeString:
    """How long ago in words: "6 min ago". Keeps itself current."""
    return _aged(moment, kind, times.WORDS)


@register.simple_tag
def at(moment: datetime | None, kind: str = "") -> SafeString:
    """The time of day, with the date unless it is today."""
    if moment is None:
        return mark_safe("")
    local = timezone.localtime(moment)
    return _time(local, kind, times.clock(local), "")


@register.simple_tag
def day(moment: datetime | None, kind: str = "") -> SafeString:
    """The date, with the year unless it is this one."""
    local = timezone.localtime(moment) if moment else None
    return _time(local, kind, times.date(local), "") if local else mark_safe("")


def _aged(moment: datetime | None, kind: str, style: str) -> SafeString:
    if moment is None:
        return mark_safe("")
    local = timezone.localtime(moment)
    age = (timezone.now() - moment).total_seconds()
    if age < 7 * times.DAY:
        return _time(local, kind, times.age(age, style), f' data-relative="{style}"')
    return _time(local, kind, times.date(local), "")


def _time(local: datetime, kind: str, text: str, marks: str) -> SafeString:
    classes = f' class="{escape(kind)}"' if kind else ""
    exact = f'datetime="{local.isoformat(timespec="seconds")}" title="{times.exact(local)}"'
    return mark_safe(f"<time{classes}{marks} {exact}>{text}</time>")


@register.simple_tag
def time_units(style: str) -> str:
    """The words that `relative-time.js` needs, split by a bar: now, minutes, hours, days."""
    return "|".join(times.age_words(style))


@register.filter("bytes")
def size_of(count: int | None) -> str:
    """How large a file is: "84 KB", "1.2 MB"."""
    size = float(count or 0)
    if size < 1024:
        return ngettext("{} byte", "{} bytes", int(size)).format(int(size))
    for unit in ("KB", "MB"):
        size /= 1024
        if size < 1000 or unit == "MB":
            break
    digits = 0 if unit == "KB" or size >= 10 else 1
    return f"{number_format(round(size, digits), digits)} {unit}"  # which by itself cuts off instead of rounding


@register.simple_tag
def link(name: str) -> str:
    """The address registered under the name, or ""."""
    return navigation.link(name)


@register.simple_tag(takes_context=True)
def places(context: Context) -> list[navigation.Entry]:
    return navigation.places(_request(context))


@register.simple_tag(takes_context=True)
def waiting_toasts(context: Context) -> list[dict[str, Any]]:
    return fragments.waiting_toasts(_request(context))


def _request(context: Context) -> HttpRequest:
    request: HttpRequest = context["request"]
    return request
