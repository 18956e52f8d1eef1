"""Does a program get its files in up to the limit that forms state, and a clear answer above?"""

import base64
from typing import Any

from django.test import Client, RequestFactory

from sportello.api.bodies import LARGE_AT_ONCE, give_place_back, largest_body, take_body
from sportello.api.tests.conftest import Call, assert_problem
from sportello.tickets.models import Attachment, Message, Ticket

LIMIT = 20 * 1024 * 1024


def file_of(size: int) -> dict[str, str]:
    return {"name": "plan.bin", "content": base64.b64encode(b"p" * size).decode()}


def test_a_file_of_the_stated_limit_is_taken_whole(as_agent: Call, ticket: Ticket) -> None:
    response = as_agent("POST", f"/tickets/{ticket.pk}/messages", text="The plan.", files=[file_of(LIMIT)])
    assert response.status_code == 201, response.content
    assert [file.size for file in Attachment.objects.all()] == [LIMIT]


def test_one_byte_more_is_413_and_keeps_nothing(as_agent: Call, ticket: Ticket) -> None:
    before = Message.objects.count()
    response = as_agent("POST", f"/tickets/{ticket.pk}/messages", text="The plan.", files=[file_of(LIMIT + 1)])
    assert "20 MB" in assert_problem(response, 413)["detail"]
    assert Message.objects.count() == before


def test_a_body_that_is_larger_than_its_files_may_be_is_413_unread(as_agent: Call, ticket: Ticket) -> None:
    response = as_agent("POST", f"/tickets/{ticket.pk}/messages", raw=b"x" * (largest_body() + 1))
    assert "20 MB" in assert_problem(response, 413)["detail"]


def test_a_stranger_sends_no_large_body(db: None, ticket: Ticket) -> None:
    raw = b"x" * (6 * 1024 * 1024)
    response = Client().post(f"/api/v1/tickets/{ticket.pk}/messages", raw, content_type="application/json")
    assert_problem(response, 401)


def test_only_so_many_large_bodies_are_read_at_a_time(as_agent: Call, settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE, settings.UPLOAD_LIMIT_BYTES = 300, 3000
    large = {"subject": "Many at once", "text": "x" * 500}
    others = [RequestFactory().post("/", b"x" * 500, "application/json") for _ in range(LARGE_AT_ONCE)]
    for other in others:
        take_body(other)
    try:
        assert_problem(as_agent("POST", "/tickets", **large), 503)
        assert as_agent("POST", "/tickets", subject="Small", text="x").status_code == 201
    finally:
        for other in others:
            give_place_back(other)
    for _ in range(LARGE_AT_ONCE + 1):
        assert as_agent("POST", "/tickets", **large).status_code == 201
