"""Does everything stay in reach where there is little room, in the language with the longest words?"""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import FilePayload, Locator, Page, expect

from tests.browser.conftest import Person
from tests.browser.desk import Desk

pytestmark = pytest.mark.browser
Somebody = Callable[..., Person]
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


def box(element: Locator) -> dict[str, float]:
    found = element.bounding_box()
    assert found is not None
    return {
        "start": found["x"],
        "end": found["x"] + found["width"],
        "top": found["y"],
        "foot": found["y"] + found["height"],
    }


def speaks(page: Page, person: Person, language: str) -> None:
    person.goes_to("/account/")
    page.locator("select[name=language]").first.select_option(language)
    page.locator("form:has(select[name=language]) button").last.click()
    page.wait_for_load_state()


def test_the_head_of_the_queue_keeps_its_buttons_at_every_width(desk: Desk, somebody: Somebody) -> None:
    agent = somebody()
    page = agent.signs_in("supervisor")
    try:
        for language in ("en", "it"):
            speaks(page, agent, language)
            for width in (390, 560, 820, 1024, 1100, 1180, 1240, 1280, 1440):
                page.set_viewport_size({"width": width, "height": 800})
                agent.goes_to("/desk/queue/all/")
                pane = box(page.locator(".pane").first)
                for wanted in (".pane__head .button--primary", ".segments:visible"):
                    found = box(page.locator(wanted))
                    assert pane["start"] <= found["start"] and found["end"] <= pane["end"], (language, width, wanted)
                switch = page.locator(".picking-switch")
                boxes = page.locator(".ticket-row__pick").first
                assert switch.is_visible() != boxes.is_visible(), (language, width)
    finally:
        speaks(page, agent, "en")


def test_on_a_phone_the_bulk_bar_stands_in_the_place_of_the_tab_bar(desk: Desk, somebody: Somebody) -> None:
    agent = somebody(**PHONE)
    page = agent.signs_in("supervisor")
    agent.goes_to("/desk/queue/all/")
    assert box(page.locator(".picking-switch"))["end"] - box(page.locator(".picking-switch"))["start"] >= 44
    tabs = box(page.locator("#rail"))
    page.locator(".picking-switch").click()
    page.locator(".ticket-row__pick").first.click()
    bar = box(page.locator("#bulk-bar"))
    assert bar["foot"] == tabs["foot"] and abs(bar["top"] - tabs["top"]) < 8
    assert agent.barriers() == []


def test_a_composer_with_many_files_stays_on_the_phone_with_send_in_reach(desk: Desk, somebody: Somebody) -> None:
    agent = somebody(**PHONE | {"viewport": {"width": 390, "height": 560}})
    page = agent.signs_in("agent")
    agent.goes_to("/desk/queue/all/")
    page.locator(".ticket-row__subject").first.click()
    page.locator(".composer-bar a").first.click()
    expect(page.locator(".composer__foot label small")).to_have_text("up to 20 MB")
    files: list[FilePayload] = [{"name": f"file-{n}.txt", "mimeType": "text/plain", "buffer": b"x"} for n in range(14)]
    page.locator("#say-files").set_input_files(files)
    expect(page.locator(".composer__foot li")).to_have_count(14)
    assert box(page.locator("#composer"))["top"] >= 0
    assert box(page.locator(".composer__send"))["foot"] <= 560
    page.locator("textarea[name=text]").fill("Still to be written.")
    expect(page.locator("textarea[name=text]")).to_be_in_viewport()


def test_on_a_phone_the_tabs_over_the_mail_are_whole(desk: Desk, somebody: Somebody) -> None:
    administrator = somebody(**PHONE)
    page = administrator.signs_in("administrator")
    administrator.goes_to("/desk/mail/sent/")
    around = box(page.locator("#mail-tabs"))
    for tab in page.locator("#mail-tabs > a").all():
        assert box(tab)["foot"] - around["foot"] <= 1
