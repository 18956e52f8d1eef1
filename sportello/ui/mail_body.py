"""How is a stranger's HTML shown? As a page of its own in a frame, which runs nothing and fetches nothing unasked."""

from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe

SANDBOX = "allow-same-origin allow-popups allow-popups-to-escape-sandbox"  # no scripts; its height can be read


def mail_body(html: str, *, language: str = "", remote_images: bool = False) -> HttpResponse:
    """`html` is sanitised already. This page alone may carry styles of its own, since mails do."""
    page = render_to_string("ui/mail_body.html", {"html": mark_safe(html), "language": language or "und"})
    response = HttpResponse(page)
    pictures = "'self' data: https: http:" if remote_images else "'self' data:"
    policy = f"default-src 'none'; style-src 'self' 'unsafe-inline'; img-src {pictures}; frame-ancestors 'self'"
    response["Content-Security-Policy"] = f"{policy}; sandbox {SANDBOX}"
    response["Referrer-Policy"] = "no-referrer"
    response["Cache-Control"] = "private, no-store"
    return response
