"""How does a program send files? As base64 inside JSON, within the limits that forms state."""

import base64
import binascii
from collections.abc import Sequence

from ninja.errors import HttpError

from sportello.api.v1.schemas import FileIn
from sportello.tickets.files import NewFile, check_size


def files_of(given: Sequence[FileIn]) -> list[NewFile]:
    """Raises HttpError 422 for content that is no base64, FilesRefused for too much of it."""
    files = []
    for file in given:
        try:
            content = base64.b64decode(file.content, validate=True)
        except (binascii.Error, ValueError) as error:
            raise HttpError(422, f"The content of {file.name} is not base64.") from error
        files.append(NewFile(file.name, content, file.content_type))
    check_size(sum(len(file.content) for file in files))
    return files
