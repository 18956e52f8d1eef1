"""Which lines of a mail are new, which are quoted, which are a signature? Looks at each a bounded number of times."""

import re
from collections.abc import Sequence
from enum import Enum

from sportello.channels.email import quote_phrases as phrases

_LONGEST = 500
_MOST_LINES = 7
_WINDOW = 600
_BLOCK_LINES = 12
_MOST_LOOKS = 30_000
_MOST_READ = 20_000  # lines in which introductions are looked for; marks of quotes are seen in all
_MOST_SIGNATURE_LINES = 40


class Label(Enum):
    NEW = "new"
    QUOTED = "quoted"
    SIGNATURE = "signature"


def _words(table: dict[str, str]) -> str:
    return "|".join(table.values())


_VERB = rf"(?:(?<![\w])(?:{_words(phrases.VERBS)})(?!\w)|写道|寫道|书写|來信|님이 작성|のメール)"
_MONTHS = (
    r"jan|feb|m[aä]r|apr|ma[iy]|m[aä]j|jun|jul|aug|sep|o[ck]t|nov|de[czs]|genn|gen|giu|lug|ago|set|ott|dic|ian|iun|iul|noi"
    r"|janv|f[ée]v|avr|juin|juil|ao[uû]|mrt|mei|sty|lut|kwi|maj|cze|lip|sie|wrz|pa[źz]|lis|gru|янв|фев|мар|апр|мая|июн|июл"
    r"|авг|сен|окт|ноя|дек|mon|tue|wed|thu|fri|sat|sun|lun|mar|mer|gio|ven|sab|dom|mo|di|mi|do|fr|sa|so|jeu|sam|dim|joi|vin"
    r"|pon|wt|śr|czw|pt|sob|niedz|пн|вт|ср|чт|пт|сб|вс|mån|tis|ons|tor|fre|lör|sön|lør|søn|man|tir|ma|ti|ke|pe|la|su|po|út"
    r"|st|čt|pá|so|ne|seg|ter|qua|qui|sex"
)
_DATE_WORD = rf"(?:\d|(?:{_MONTHS})[\w.]*[ ,.]+(?:\w+[ ,.]+){{0,2}}\d)"
_STARTS = re.compile(
    rf"[\W_]{{0,4}}(?:{_words(phrases.STARTS)})(?=[\W\d])[ ,:]{{0,3}}(?:\w+[ ,.]{{1,2}}){{0,2}}?{_DATE_WORD}",
    re.IGNORECASE,
)
_STARTS_WITH_DATE = re.compile(
    r"[\W_]{0,4}(?:\d{1,4}[./-]\d{1,2}[./-]\d{1,4}|\d{1,2}\.? (?:de )?[^\W\d]{3,12}\.?,? (?:de )?\d{2,4}"
    r"|\d{4}[年.]\s?\d{1,2}|\d{4}-\d{2}-\d{2}|[^\W\d]{2,12}\.?,? \d{1,2}\.? [^\W\d]{3,12}\.?,? \d{2,4}"
    r"|[^\W\d]{3,12}\.? \d{1,2},? \d{4}|\d{4}\. [^\W\d]{3,12}\.? \d{1,2})",
    re.IGNORECASE,
)
_HAS_DATE = re.compile(r"\d{1,2}:\d{2}|\d{1,4}[./-]\d{1,2}|\b(?:19|20)\d\d\b|\d年|\d{1,2}\.\d{2}|\d일")
_HAS_TIME = re.compile(r"\d{1,2}[:.]\d{2}")
# A date, a time and an address in brackets, then a colon: an introduction in a language that is in no table.
_NAMES_ALL = re.compile(
    r"(?=.{0,200}\d{1,4}\D{1,20}\d{1,4})(?=.{0,200}\d{1,2}[:.]\d{2}).{5,250}?<\W{0,3}[^<>\s]{1,254}@[^<>]{3,260}>[^<>]{0,80}"
    r"[:：][\s*_\u202a-\u202e]*$"
)
_HAS_ADDRESS = re.compile(r"[^\s<>@]@[^\s<>@]")
_ENDS = re.compile(rf"{_VERB}.{{0,200}}[:：][\s>*_-]*$|{_VERB}[\s*_]*$", re.IGNORECASE | re.DOTALL)
_ENDS_WITH_COLON = re.compile(r"[:：][\s*_>\u202a-\u202e-]*$")
_ENDS_WITH_VERB = re.compile(rf"{_VERB}[\s*_]*$", re.IGNORECASE)
_ENDS_WITHOUT_VERB = re.compile(r"(?:<\s?[^<>\s]{3,254}@[^<>\s]{1,253}>|님)[\s*_]*[:：][\s*_]*$")
# "Ada Lovelace <ada@example.com> wrote:", with the address near the beginning.
_STARTS_WITH_SENDER = re.compile(r"[^!?:<>@]{0,80}<\s?[^<>\s]{1,254}@|\W{0,3}[^\s<>@]{1,64}@[^\s<>@]{3,253}[\s>]")
_OF_SELF = re.compile(phrases.SPEAKS_OF_SELF, re.IGNORECASE)
_SHORT_INTRO = re.compile(
    rf"(?:{phrases.QUOTINGS})\s.{{2,120}}[:：]\s*$|.{{2,120}}{_VERB}[\s*_]*[:：]\s*$", re.IGNORECASE
)

MARKED = re.compile(r"[ \t]{0,3}(?:>|&gt;|│)")
_SPLIT_INTRO = re.compile(rf"[ \t]*+>++[ \t]*+(?:{_words(phrases.VERBS)})[ \t]*[:：]?[ \t]*$", re.IGNORECASE)
_LABEL = re.compile(
    r"[\s>*_|]{0,6}(?:"
    + "|".join(f"(?P<{role}>{words})" for role, words in phrases.LABELS.items())
    + r")[\s*_]{0,3}[:：]",
    re.IGNORECASE,
)
_SEPARATOR = re.compile(
    rf"[\s>*_|]{{0,6}}(?:[-–—_=*]{{2,40}}+|[*]?-{{1,40}}+)\s{{0,3}}(?:{phrases.SEPARATORS})\s{{0,3}}(?:[-–—_=*:]{{0,40}})[\s*]*[:：]?\s*$"
    rf"|[\s*]{{0,6}}(?:{phrases.SEPARATORS})\s?[:：][\s*]*$"
    rf"|[\s>*_#-]{{0,20}}(?:{phrases.REPLY_MARKERS})[^\n]{{0,40}}$",
    re.IGNORECASE,
)
_LETTER = re.compile(r"[^\W\d_]")
_RULER = re.compile(r"[\s*]{0,4}[_\-–—]{10,200}[\s*]*$")
_SIGNATURE = re.compile(r"(?:--|—|––) ?$")
_DEVICE = re.compile(
    rf"[\s_*\[(]{{0,4}}(?:{phrases.DEVICES})[\s_*\])]{{0,4}}(?:<[^<>]{{0,300}}>)?\.?\s*$", re.IGNORECASE
)
_LIST_FOOTER = re.compile(r"mailing list|mailman|listinfo|unsubscribe", re.IGNORECASE)


class Lines:
    """The lines of one mail; `marked` says which of them the sender's program marked as quoted."""

    def __init__(self, lines: Sequence[str], marked: Sequence[bool], *, may_be_wrapped: bool = False) -> None:
        """`may_be_wrapped`: a marked line may go on in an unmarked one, as programs for plain text break them."""
        self.may_be_wrapped = may_be_wrapped
        self.lines = [line if len(line) <= _LONGEST else line[:_LONGEST] for line in lines]
        self.marked = list(marked)
        self.blank = [not line.strip() for line in self.lines]
        self.labels = [Label.NEW] * len(lines)
        self.has_new = False
        self.looks = 0
        for at, line in enumerate(self.lines):
            if self.marked[at] and at and _SPLIT_INTRO.match(line):
                self.marked[at] = False

    def label(self) -> list[Label]:
        at = 0
        while at < len(self.lines):
            at = self._take(at)
        self._join_gaps()
        self._fold_signatures()
        return self.labels

    def _take(self, at: int) -> int:
        """Labels the line, or the quote that begins with it; returns the next line to look at."""
        if self.marked[at]:
            self.labels[at] = Label.QUOTED
            return at + 1
        if self.blank[at]:
            return at + 1
        end = self.block_end(at) if at < _MOST_READ else 0
        if not end:
            self.has_new = True
            return at + 1
        following = self._next_filled(end)
        if following < len(self.lines) and not self.marked[following] and self.has_new:
            following = len(self.lines)
        elif following < len(self.lines) and not self.marked[following]:
            following = end
        self.labels[at:following] = [Label.QUOTED] * (following - at)
        return following

    def _next_filled(self, at: int) -> int:
        while at < len(self.lines) and self.blank[at]:
            at += 1
        return at

    def block_end(self, at: int) -> int:
        """The line behind the introduction that begins here (separator, header block, "Ada wrote:"); 0 if none does."""
        return self._separator_end(at) or self._header_end(at) or self._intro_end(at)

    def _separator_end(self, at: int) -> int:
        line = self.lines[at]
        if _LETTER.search(line) and _SEPARATOR.match(line):
            return self._header_end(self._next_filled(at + 1)) or at + 1
        if _RULER.match(line):
            return self._header_end(self._next_filled(at + 1))
        return 0

    def _header_end(self, at: int) -> int:
        """A block of From, Date, To, Subject in any order and language; wrapped values may stand between."""
        roles: set[str] = set()
        addresses = False
        end = misses = 0
        for index in range(at, min(at + _BLOCK_LINES, len(self.lines))):
            line = self.lines[index]
            found = _LABEL.match(line)
            misses = 0 if found else misses + 1
            if (misses and index == at) or misses > 2 or (index > at and not self._may_look(1)):
                break
            addresses = addresses or bool(_HAS_ADDRESS.search(line))
            if found:
                roles.update(role for role, value in found.groupdict().items() if value)
                end = index + 1
        return end if _is_header_block(roles, has_address=addresses) else 0

    def _intro_end(self, at: int) -> int:
        if end := self._window_end(at) if _may_begin_intro(self.lines[at]) else 0:
            return end
        return at + 1 if self._introduces_marked(at) else 0

    def _window_end(self, at: int) -> int:
        """The line behind the fewest lines from here that make an introduction."""
        weak = not _begins_with_date(self.lines[at])
        text = ""
        if not self._may_look(_MOST_LINES):
            return 0
        taken = 0
        for index in range(at, min(at + 2 * _MOST_LINES, len(self.lines))):
            line = self.lines[index].strip()
            if not line:
                if text.endswith((".", "!", "?", ":")):
                    break
                continue
            if index > at and (self.marked[index] or (weak and _begins_with_date(line))):
                break
            text = f"{text} {line}" if text else line
            taken += 1
            if _may_end_intro(text) and self._may_look(5) and _is_intro(text):
                return index + 1
            if taken >= _MOST_LINES or len(text) > _WINDOW:
                break
        return 0

    def _may_look(self, cost: int) -> bool:
        """Lines behind a line are looked at only so often in one mail, which no honest mail comes near."""
        self.looks += cost
        return self.looks <= _MOST_LOOKS

    def _introduces_marked(self, at: int) -> bool:
        """ "Ada wrote:" is enough where a marked line follows."""
        following = self._next_filled(at + 1)
        return following < len(self.lines) and self.marked[following] and bool(_SHORT_INTRO.match(self.lines[at]))

    def _join_gaps(self) -> None:
        """Blank lines within a quote, and the rest of a quoted line that was wrapped without its mark, belong to it."""
        for at in range(1, len(self.lines) - 1):
            before, after = self.labels[at - 1], self.labels[at + 1]
            if self.labels[at] is not Label.NEW or before is not Label.QUOTED:
                continue
            if (self.blank[at] and self.labels[min(self._next_filled(at), len(self.lines) - 1)] is Label.QUOTED) or (
                after is Label.QUOTED and self.marked[at + 1] and self.marked[at - 1] and self._goes_on(at)
            ):
                self.labels[at] = Label.QUOTED

    def _goes_on(self, at: int) -> bool:
        before, line = self.lines[at - 1].rstrip(), self.lines[at]
        return (
            self.may_be_wrapped
            and line[:1].islower()
            and len(before) >= 50
            and not before.endswith((".", "!", "?", ":", ";"))
        )

    def _fold_signatures(self) -> None:
        """What stands below "-- ", and "Sent from my phone", up to the next quote or the end."""
        at = 0
        while at < len(self.lines):
            if self.labels[at] is Label.NEW and not self.blank[at]:
                end = self._stretch_end(at)
                self._fold_stretch(at, end)
                at = end
            at += 1

    def _stretch_end(self, at: int) -> int:
        while at < len(self.lines) and self.labels[at] is Label.NEW:
            at += 1
        return at

    def _fold_stretch(self, start: int, end: int) -> None:
        for at in range(max(start, end - _MOST_SIGNATURE_LINES), end):
            if self._begins_signature(at, end):
                self.labels[at:end] = [Label.SIGNATURE] * (end - at)
                return
        last = end
        while last > start and (self.blank[last - 1] or _DEVICE.match(self.lines[last - 1])):
            last -= 1
        if last < end and not all(self.blank[last:end]):
            self.labels[last:end] = [Label.SIGNATURE] * (end - last)

    def _begins_signature(self, at: int, end: int) -> bool:
        line = self.lines[at]
        if _SIGNATURE.match(line):
            return True
        return bool(_RULER.match(line)) and any(
            _LIST_FOOTER.search(self.lines[n]) for n in range(at + 1, min(at + 4, end))
        )


def _is_header_block(roles: set[str], *, has_address: bool) -> bool:
    """A customer's "From: Rome, To: Milan, Date: 3 May" is none."""
    if "from" not in roles or len(roles) < 2:
        return False
    if "subject" in roles:
        return len(roles) >= 3
    return {"date", "to"} <= roles and has_address


def _begins_with_date(line: str) -> bool:
    return bool(_STARTS.match(line) or _STARTS_WITH_DATE.match(line))


def _may_begin_intro(line: str) -> bool:
    return bool(_begins_with_date(line) or _HAS_TIME.search(line) or ("@" in line and _STARTS_WITH_SENDER.match(line)))


def _may_end_intro(text: str) -> bool:
    return bool(_ENDS_WITH_COLON.search(text[-20:]) or _ENDS_WITH_VERB.search(text[-30:]))


def _is_intro(text: str) -> bool:
    if _OF_SELF.search(text):
        return False
    if _ENDS_WITHOUT_VERB.search(text) and _STARTS_WITH_DATE.match(text):
        return True
    if _NAMES_ALL.match(text):
        return True
    if not _ENDS.search(text[-300:]):
        return False
    colon = bool(_ENDS_WITH_COLON.search(text))
    dated = bool(_HAS_DATE.search(text))
    addressed = bool(_HAS_ADDRESS.search(text))
    if _begins_with_date(text):
        return dated and (colon or addressed)
    return colon and bool(_STARTS_WITH_SENDER.match(text))
