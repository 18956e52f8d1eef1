"""Is a stranger's file shown in place only when its bytes prove that it is a picture?"""

from typing import Any

import pytest

from sportello.kernel.files import keep
from sportello.ui.downloads import download

pytestmark = pytest.mark.django_db
WEBP = b"RIFF\n\x10\x00\x00WEBPVP8 and so on"


@pytest.mark.parametrize(
    ("content_type", "content", "shown"),
    [
        ("image/png", b"\x89PNG\r\n\x1a\n and so on", True),
        ("image/jpeg", b"\xff\xd8\xff\xe0 and so on", True),
        ("image/gif", b"GIF87a and so on", True),
        ("image/gif", b"GIF89a and so on", True),
        ("image/webp", WEBP, True),
        ("image/png", b"<script>alert(1)</script>", False),
        ("image/png", b"\x89PNG", False),
        ("image/png", b"", False),
        ("image/png", b"\xff\xd8\xff\xe0 and so on", False),
        ("image/webp", b"RIFF\n\x10\x00\x00WAVEfmt ", False),
        ("image/svg+xml", b"<svg/>", False),
        ("text/html", b"\x89PNG\r\n\x1a\n and so on", False),
    ],
)
def test_a_picture_is_what_its_type_and_its_bytes_call_so(content_type: str, content: bytes, shown: bool) -> None:
    answer: Any = download(keep(content), "led.png", content_type)
    assert b"".join(answer.streaming_content) == content
    assert answer["Content-Type"] == (content_type if shown else "application/octet-stream")
    assert answer["Content-Disposition"].startswith("inline" if shown else "attachment")
    answer.file_to_stream.close()
