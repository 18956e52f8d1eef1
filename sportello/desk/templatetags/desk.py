"""Which glyphs does a ticket wear? Cached by what they show, since every row of a queue asks."""

import re
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django import template
from django.template.defaultfilters import linebreaks_filter, urlize
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext

from sportello.people.models import User
from sportello.tickets import policy
from sportello.tickets.models import Ticket
from sportello.tickets.words import Channel, Priority, Status
from sportello.ui.cities import city_of
from sportello.ui.templatetags.ui import icon

register = template.Library()

CHANNEL_ICONS = {"email": "mail", "form": "form", "portal": "globe", "phone": "phone", "api": "bolt"}
GLYPHS = {"on_hold": "hold"}
_MAY_LINK = re.compile(r"[^\s.]\.[^\s.]|[@:]\S")


@register.filter
def may_open_tickets(user: User) -> bool:
    return policy.can_open_some(user)


@register.filter
def sees_no_team(user: User) -> bool:
    return policy.sees_no_team(user)


@register.simple_tag
def ticket_marks(ticket: Ticket) -> SafeString:
    """Status and channel, as a row begins."""
    return _status(ticket.status, get_language() or "") + _channel(ticket.channel, get_language() or "")


@register.simple_tag
def status_mark(status: str) -> SafeString:
    return _status(status, get_language() or "")


@register.simple_tag
def priority_mark(ticket: Ticket) -> SafeString:
    return _priority(ticket.priority, get_language() or "")


@lru_cache(maxsize=256)
def _status(status: str, language: str) -> SafeString:
    label = str(Status(status).label)
    glyph = GLYPHS.get(status, status)
    return format_html(
        '<span class="status" data-status="{}" title="{}">{}<span class="visually-hidden">{}</span></span>',
        glyph,
        label,
        icon(f"status-{glyph}"),
        label,
    )


@lru_cache(maxsize=256)
def _channel(channel: str, language: str) -> SafeString:
    return icon(CHANNEL_ICONS.get(channel, "mail"), "ticket-row__channel", str(Channel(channel).label))


@lru_cache(maxsize=256)
def _priority(priority: int, language: str) -> SafeString:
    level = Priority(priority)
    name = level.name.lower()
    return format_html(
        '<span class="priority" data-priority="{}" title="{}">{}<span class="visually-hidden">{}</span></span>',
        name,
        level.label,
        icon(f"priority-{name}"),
        level.label,
    )


@register.filter
def as_said(text: str) -> SafeString:
    """In paragraphs, its addresses as links. Most texts hold none, and are not searched word by word."""
    lines: SafeString = linebreaks_filter(urlize(text) if _MAY_LINK.search(text) else text)
    return lines


@register.filter
def marked(text: str, words: str) -> SafeString:
    """Where a word that was typed stands in it, it is marked."""
    found = "|".join(re.escape(word) for word in words.split())
    pieces = re.split(f"({found})", text, flags=re.IGNORECASE) if found else [text]
    return format_html_join(
        "", "{}", ((format_html("<mark>{}</mark>", piece) if at % 2 else piece,) for at, piece in enumerate(pieces))
    )


@register.simple_tag
def translated(text: str) -> str:
    """A sentence that was stored in English, in the reader's language."""
    return gettext(text) if text else ""


@register.simple_tag
def now_there(person: User) -> str:
    """The time of day where the person is."""
    try:
        zone = ZoneInfo(person.time_zone)
    except (ZoneInfoNotFoundError, ValueError):
        return person.time_zone
    now = timezone.now().astimezone(zone).strftime("%H:%M")
    return gettext("%(time)s in %(city)s") % {"time": now, "city": city_of(person.time_zone)}


@register.simple_tag
def status_words(status: str) -> SafeString:
    """The glyph with the word beside it."""
    glyph = GLYPHS.get(status, status)
    mark = icon(f"status-{glyph}")
    return format_html('<span class="status" data-status="{}">{}{}</span>', glyph, mark, Status(status).label)


@register.simple_tag
def priority_words(priority: int) -> SafeString:
    level = Priority(priority)
    name = level.name.lower()
    mark = icon(f"priority-{name}")
    return format_html('<span class="priority" data-priority="{}">{}{}</span>', name, mark, level.label)


@register.simple_tag
def file_icon(content_type: str) -> SafeString:
    return icon("image" if content_type.startswith("image/") else "file")
