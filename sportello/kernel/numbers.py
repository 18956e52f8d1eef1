"""Is this text from outside the number of a row?"""

MOST_DIGITS = 18  # what every database holds in a row's number


def row_number(text: str) -> int | None:
    """The number written in ASCII digits; None for anything else, and for more digits than a row's number has."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= MOST_DIGITS else None
