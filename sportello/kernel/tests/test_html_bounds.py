"""Does HTML or text of any length or shape cost a bounded time and room?"""

import time

import pytest

from sportello.kernel.html import from_text, sanitise
from sportello.kernel.tests.browsing import assert_inert, tags_of

TOO_MUCH = {
    "B023 10 MB": "<p>word</p>" * 900_000,
    "B023 200,000 divs": "<div>" * 200_000 + "word",
    "B023 20,000 divs": "<div>" * 20_000 + "word" + "</div>" * 20_000,
    "B065 5,000 quotes": "<blockquote>" * 5_000 + "word" + "</blockquote>" * 5_000,
    "divs that only seem to end": "<div title='</div>'>word" * 20_000,
    "divs that end in comments": "<div><!-- </div> -->word" * 20_000,
    "divs that end in scripts": "<div><script></div></script>word" * 20_000,
    "divs that end in text areas": "<div><textarea></div></textarea>word" * 20_000,
    "divs that end in tables": "<div><table><tr><td></div>word" * 9_000,
    "divs in pictures": "<div><svg><title></div></title>word" * 9_000,
    "links around divs": "<a><div></a>word" * 20_000,
    "formatting left open": "<p>" + "".join(f"<font color={n}>" for n in range(300)) + "</p>" + "<p>word</p>" * 20_000,
    "formatting left open in quotes": "<p>" + "".join(f"<font size='{n}>'>" for n in range(300)) + "<p>word" * 20_000,
    "attributes": "<p " + " ".join(f"a{number}=1" for number in range(80_000)) + ">word</p>",
    "attributes in quotes": "<p ' " + " ".join(f"a{number}=1" for number in range(80_000)) + " '>word</p>",
}


@pytest.mark.parametrize("html", TOO_MUCH.values(), ids=TOO_MUCH.keys())
def test_tangled_html_is_shown_as_its_text_within_bounds(html: str) -> None:
    begun = time.process_time()
    safe = sanitise(html)
    assert time.process_time() - begun < 10
    assert "word" in safe.html
    assert len(safe.html) < 3 * len(html)
    assert {tag for tag, _ in tags_of(safe.html[:10_000])} <= {"p", "br", "a"}


def test_twenty_thousand_nested_divs_take_less_than_a_second() -> None:
    begun = time.process_time()
    assert "word" in sanitise(TOO_MUCH["B023 20,000 divs"]).html
    assert "word" in sanitise(TOO_MUCH["B065 5,000 quotes"]).html
    assert time.process_time() - begun < 1


MUCH = {
    "B023 100,000 links": '<a href="https://x.example">x</a>' * 50_000,
    "B023 a 1 MB attribute": f'<p title="{"x" * 1_000_000}">word</p>',
    "a picture of 1 MB": f'<img src="data:image/png;base64,{"ab/c" * 250_000}">',
    "B065 a line of 1 MB": "word " * 200_000,
    "angle brackets": "<" * 1_000_000,
    "entities": "&amp;" * 100_000,
    "comments without end": "<!--" * 400_000,
    "tags without end": "<a" * 700_000,
    "quotes without end": "<a title='" * 100_000,
    "titles without end": "<title>" * 200_000,
    "a newsletter": "<!--[if mso]><table><tr><td><![endif]--><div><p><b>word</b></p></div><!--[if mso]></td></tr></table>"
    "<![endif]-->" * 300,
    "cells with open formatting": "<table>" + "<tr><td><font size=2><b>word</td></tr>" * 3_000 + "</table>",
    "paragraphs without end": "<p>word <b>x</b>" * 20_000,
}


@pytest.mark.parametrize("html", MUCH.values(), ids=MUCH.keys())
def test_much_html_is_sanitised_within_bounds(html: str) -> None:
    begun = time.process_time()
    assert_inert(sanitise(html).html[:100_000])
    assert time.process_time() - begun < 10


@pytest.mark.parametrize("name", ["a newsletter", "cells with open formatting", "paragraphs without end"])
def test_sloppy_but_honest_html_keeps_its_looks(name: str) -> None:
    assert "<b>" in sanitise(MUCH[name]).html


LONG_TEXTS = {
    "one address of 1 MB": "https://x.example/" + "x" * 1_000_000,
    "addresses in addresses": "a@" * 500_000,
    "brackets before a link": "(" * 100_000 + "https://x.example",
    "many of them": ("(" * 1_000 + "https://x.example ") * 1_000,
    "schemes": "https://" * 125_000,
    "colons": "://" * 333_000,
    "mailto": "mailto:a@" * 111_000,
    "words with everything": ("www.a://@" * 200 + " ") * 500,
    "one line of 1 MB": "word " * 200_000,
    "lines": "\n" * 1_000_000,
    "html": "<b>" * 333_000,
    "addresses": "https://x.example/a " * 50_000,
}


@pytest.mark.parametrize("text", LONG_TEXTS.values(), ids=LONG_TEXTS.keys())
def test_a_megabyte_of_plain_text_takes_less_than_a_second(text: str) -> None:
    """B058, B065."""
    from_text("warm https://x.example")
    begun = time.process_time()
    html = from_text(text)
    assert time.process_time() - begun < 1
    assert "<script" not in html
