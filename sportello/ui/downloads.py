"""How does a stranger's file leave, so that it can do nothing here?"""

from django.http import FileResponse

from sportello.kernel.files import open_blob
from sportello.kernel.html import PICTURES
from sportello.kernel.models import Blob


def download(blob: Blob, name: str, content_type: str) -> FileResponse:
    """Streamed; its name by RFC 6266 and 8187. Only plain pictures are shown, the rest is saved without a type.

    Raises FileLost, which `problem_middleware` answers.
    """
    shown = content_type in PICTURES
    response = FileResponse(
        open_blob(blob),
        as_attachment=not shown,
        filename=name,
        content_type=content_type if shown else "application/octet-stream",
    )
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Cache-Control"] = "private, no-store"
    return response
