"""Was this asked before? A program that heard no answer asks again with the same Idempotency-Key: one message."""

from collections.abc import Callable

from django.db import transaction
from ninja.errors import HttpError

from sportello.api.access import ApiRequest
from sportello.people.models import User
from sportello.tickets.models import Message, Submission
from sportello.tickets.models.submission import digest

HEADER = "Idempotency-Key"
LONGEST = 255
DESCRIBED = {
    "parameters": [
        {
            "in": "header",
            "name": HEADER,
            "required": False,
            "schema": {"type": "string", "maxLength": LONGEST, "title": HEADER},
            "description": "Any text of yours, new for each request: sent again within a day, it does nothing twice.",
        }
    ]
}


def once(request: ApiRequest, make: Callable[[], Message]) -> Message:
    """What `make` makes, or what it made of the same request under the same key of the same person."""
    key = request.headers.get(HEADER, "")
    if not key:
        return make()
    if len(key) > LONGEST:
        raise HttpError(400, f"{HEADER} takes at most {LONGEST} characters.")
    token = f"api {request.user.pk} {key}"
    content = digest([request.path, request.body])
    with transaction.atomic():
        User.objects.select_for_update().get(pk=request.user.pk)  # one after the other
        if Submission.objects.of_token(token).with_other_content(content).exists():
            raise HttpError(422, f"This {HEADER} was used for another request.")
        return Submission.once(token, content, make)
