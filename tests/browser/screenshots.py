"""Which pictures show the desk? Queue, ticket, portal home and request, by day, by night, and on a phone."""

import sys
import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, sync_playwright

from tests.browser.conftest import FLAGS, Person
from tests.browser.desk import Desk

LOOKS = [("light", 1440, 900, ""), ("dark", 1440, 900, ""), ("light", 390, 844, "-phone"), ("dark", 390, 844, "-phone")]
STILL = """() => document.fonts.status === "loaded" && document.getAnimations().every(
    (one) => one.playState !== "running" || one.effect.getTiming().iterations === Infinity)"""
PREVIEWED = """() => document.querySelector(".ticket-row[data-cursor]")?.id ===
    `ticket-${document.getElementById("preview")?.dataset.ticket}`"""


def take(desk: Desk, browser: Browser, folder: Path) -> None:
    ticket = next(t["number"] for t in desk.api("tickets?limit=50")["items"] if t["priority"] == 4)
    for scheme, width, height, kind in LOOKS:
        look: dict[str, Any] = {
            "viewport": {"width": width, "height": height},
            "color_scheme": scheme,
            "locale": "en-GB",
        }
        agent, customer = (Person(desk, browser.new_context(**look)) for _ in range(2))
        agent.signs_in("agent")
        customer.signs_in("customer")
        pages = [(agent, "queue", "/desk/queue/all/"), (agent, "ticket", f"/desk/tickets/{ticket}/?queue=all"),
                 (customer, "portal-home", "/"), (customer, "request", f"/requests/{ticket}/")]  # fmt: skip
        for person, name, path in pages:
            person.goes_to(path)
            person.page.wait_for_function(STILL)
            if name == "queue" and not kind:
                person.page.keyboard.press("j")
                person.page.wait_for_function(PREVIEWED)
                person.page.wait_for_function(STILL)
            if name == "ticket" and not kind:
                person.page.wait_for_selector(".ticket-row[aria-current]")
            person.page.screenshot(path=folder / f"{name}-{scheme}{kind}.png")
        agent.context.close()
        customer.context.close()


def main() -> None:
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as data, sync_playwright() as playwright:
        desk = Desk(Path(data)).open()
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        try:
            take(desk, browser, folder)
        finally:
            browser.close()
            desk.close()


if __name__ == "__main__":
    main()
