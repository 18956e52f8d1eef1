"""How does a stranger's file leave, so that it can do nothing here?"""

from typing import BinaryIO

from django.http import FileResponse

SHOWN_IN_PLACE = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})


def download(content: BinaryIO, name: str, content_type: str) -> FileResponse:
    """Streamed; its name by RFC 6266 and 8187. Only plain pictures are shown, the rest is saved without a type."""
    shown = content_type in SHOWN_IN_PLACE
    response = FileResponse(
        content,
        as_attachment=not shown,
        filename=name,
        content_type=content_type if shown else "application/octet-stream",
    )
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Cache-Control"] = "private, no-store"
    return response
