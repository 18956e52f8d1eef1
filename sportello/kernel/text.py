"""Which text can be kept, and how does it fit on one line?"""

import re

_UNSTORABLE = re.compile("[\0\ud800-\udfff]")
_BREAKS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")


def is_storable(text: str) -> bool:
    """Whether every database keeps it: no NUL, no halves of characters."""
    return not _UNSTORABLE.search(text)


def storable(text: str) -> str:
    """Without what no database keeps."""
    return _UNSTORABLE.sub("", text)


def one_line(text: str) -> str:
    """With a blank for each run of line ends and control characters, and none at its ends."""
    return _BREAKS.sub(" ", text).strip()
