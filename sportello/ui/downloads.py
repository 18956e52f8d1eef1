"""How does a stranger's file leave, so that it can do nothing here?"""

from django.http import FileResponse

from sportello.kernel.files import open_blob
from sportello.kernel.models import Blob
from sportello.kernel.pictures import LONGEST_BEGINNING, is_picture


def download(blob: Blob, name: str, content_type: str) -> FileResponse:
    """Streamed; its name by RFC 6266 and 8187. Only what is a picture by its bytes is shown, the rest has no type.

    Raises FileLost, which `problem_middleware` answers.
    """
    file = open_blob(blob)
    shown = is_picture(content_type, file.read(LONGEST_BEGINNING))
    file.seek(0)
    response = FileResponse(
        file,
        as_attachment=not shown,
        filename=name,
        content_type=content_type if shown else "application/octet-stream",
    )
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Cache-Control"] = "private, no-store"
    return response
