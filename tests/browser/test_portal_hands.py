"""Does a customer's hand lose nothing at the portal: words, the way to Send, the menu on a phone?"""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Person
from tests.browser.desk import Desk

pytestmark = pytest.mark.browser
Somebody = Callable[..., Person]
PHONE = {"width": 390, "height": 844}


def reads_in(page: Page, language: str) -> None:
    with page.expect_navigation():
        page.locator("#language").select_option(language)
        button = page.locator(".language button")
        if button.is_visible():  # without script
            button.click()
    expect(page.locator("html")).to_have_attribute("lang", language)


@pytest.mark.parametrize("script", [True, False])
def test_changing_the_language_keeps_what_was_typed(desk: Desk, somebody: Somebody, script: bool) -> None:
    guest = somebody(java_script_enabled=script)
    page = guest.goes_to("/requests/new/")
    page.locator("[name=subject]").fill("Valve 312")
    page.locator("[name=body]").fill("It does not\nclose.")
    page.locator("[name=attachments]").set_input_files(
        {"name": "valve.png", "mimeType": "image/png", "buffer": b"picture"}
    )
    reads_in(page, "it")
    expect(page.locator("[name=subject]")).to_have_value("Valve 312")
    expect(page.locator("[name=body]")).to_have_value("It does not\nclose.")
    expect(page.locator(".files-lost")).to_contain_text("valve.png")
    page.locator("[name=name]").fill("Andrei")
    page.locator("[name=address]").fill("andrei@far.example")
    page.locator("[name=topic]").select_option(index=1)
    page.locator("[name=subject]").press("Enter")  # sends, and does not change the language again
    page.wait_for_url("**/requests/sent/**")


def test_without_script_a_word_of_confirmation_covers_nothing(desk: Desk, somebody: Somebody) -> None:
    customer = somebody(java_script_enabled=False)
    customer.signs_in("customer")
    page = customer.goes_to("/requests/?show=all")
    page.locator(".open-request .button").first.click()
    page.locator("[name=body]").fill("One more thing.")
    page.locator("#reply-form .button--primary").click()
    toast, header = page.locator(".toast").bounding_box(), page.locator("#header").bounding_box()
    assert toast and header
    assert toast["y"] + toast["height"] <= header["y"]


def test_on_a_phone_the_whole_menu_can_be_seen(desk: Desk, somebody: Somebody) -> None:
    customer = somebody(viewport=PHONE, has_touch=True)
    customer.signs_in("customer")
    page = customer.goes_to("/requests/")
    for language in ("it", "ro", "en"):
        reads_in(page, language)
        for entry in page.locator("#header nav :is(a, button)").all():
            box = entry.bounding_box()
            assert box and box["x"] >= 0 and box["x"] + box["width"] <= PHONE["width"]
    assert customer.barriers() == []
    customer.goes_to("/requests/new/")
    assert customer.barriers() == []
    customer.goes_to("/desk/")
    assert customer.barriers() == []
