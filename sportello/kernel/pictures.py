"""Which files are pictures that can do nothing, so that they may be shown in place?"""

import re

LONGEST_BEGINNING = 12  # bytes
PICTURES = {
    "image/png": re.compile(rb"\x89PNG\r\n\x1a\n"),
    "image/jpeg": re.compile(rb"\xff\xd8\xff"),
    "image/gif": re.compile(rb"GIF8[79]a"),
    "image/webp": re.compile(rb"RIFF.{4}WEBP", re.DOTALL),
}  # by type, how their bytes begin (WHATWG, MIME Sniffing, 6.1)


def is_picture(content_type: str, beginning: bytes) -> bool:
    """Whether it is one of these, and its bytes say so too."""
    return content_type in PICTURES and PICTURES[content_type].match(beginning) is not None
