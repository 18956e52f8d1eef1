"""What, when and where is this invitation? The first event of an iCalendar file (RFC 5545), without words of ours."""

import re

from sportello.channels.email._decoding import decode_text

_LONGEST = 200_000
_PROPERTY = re.compile(r"^(SUMMARY|DTSTART|DTEND|LOCATION)((?:;[^:\n]{0,200})?):(.*)$", re.MULTILINE)
_MOMENT = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)\d\d(Z?))?")


def event_in_words(content: bytes) -> str:
    """Subject, time with its zone, and place, each on a line of its own; "" where there is no event."""
    text = re.sub(r"\n[ \t]", "", decode_text(content[:_LONGEST])[0])
    _before, found, event = text.partition("BEGIN:VEVENT")
    if not found:
        return ""
    values: dict[str, tuple[str, str]] = {}
    for name, parameters, value in _PROPERTY.findall(event.partition("END:VEVENT")[0]):
        values.setdefault(name, (parameters, value.strip()))
    lines = (_plain(values.get("SUMMARY")), _times(values), _plain(values.get("LOCATION")))
    return "\n".join(line for line in lines if line)


def _plain(value: tuple[str, str] | None) -> str:
    text = re.sub(r"\\([\\;,nN])", lambda m: " " if m[1] in "nN" else m[1], value[1] if value else "")
    return text[:500]


def _times(values: dict[str, tuple[str, str]]) -> str:
    moments = [_moment(values[name][1]) for name in ("DTSTART", "DTEND") if name in values]
    zone = re.search(r"TZID=([^;:]+)", values.get("DTSTART", ("", ""))[0])
    shown = " – ".join(moment for moment in moments if moment)
    return f"{shown} ({zone[1]})" if shown and zone else shown


def _moment(value: str) -> str:
    found = _MOMENT.match(value)
    if not found:
        return ""
    day = f"{found[1]}-{found[2]}-{found[3]}"
    return f"{day} {found[4]}:{found[5]}{' UTC' if found[6] else ''}" if found[4] else day
