"""What does a mail of ours say? A template whose first line is `Subject: …`, in its reader's language."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from django.template.loader import render_to_string
from django.utils import translation


class Letter(NamedTuple):
    subject: str
    text: str


def letter(template: str, context: Mapping[str, Any], language: str) -> Letter:
    """Templates say `{% autoescape off %}`: the text is plain."""
    with translation.override(language):
        rendered = render_to_string(template, dict(context)).strip()
    first, _break, text = rendered.partition("\n")
    return Letter(" ".join(first.removeprefix("Subject:").split()), text.strip() + "\n")
