"""Are the joined files whole, light, and do they hold every piece that templates ask for?"""

import re
from pathlib import Path

import brotli  # type: ignore[import-untyped]  # comes without types
import pytest
from django.contrib.staticfiles import finders

from sportello.ui import assets

HERE = Path(assets.__file__).parent
CSS, JS = assets.STATIC / "css", assets.STATIC / "js"
SPRITE = (assets.STATIC / "icons" / "sprite.svg").read_text("utf-8")
TEMPLATES = sorted((HERE / "templates").rglob("*.html"))
FIRST_VISIT = 60 * 1024
FOR_THE_PAGE = 16 * 1024  # what is left for the HTML of a queue of fifty rows, and for headers


def weight(text: str | bytes) -> int:
    return len(brotli.compress(text.encode() if isinstance(text, str) else text, quality=11))


def test_what_a_desk_page_brings_leaves_room_for_the_page() -> None:
    htmx = Path(str(finders.find("django_htmx/htmx-2.min.js"))).read_bytes()
    ours = [assets.joined_css(CSS / "desk.css"), assets.joined_js(JS / "desk.js"), SPRITE]
    assert weight(htmx) + sum(map(weight, ours)) < FIRST_VISIT - FOR_THE_PAGE


def test_a_customer_loads_less_than_an_agent() -> None:
    assert weight(assets.joined_css(CSS / "portal.css")) < 12 * 1024
    assert weight(assets.joined_js(JS / "portal.js")) < 4 * 1024


@pytest.mark.parametrize("entry", assets.entries("css"), ids=lambda path: path.name)
def test_a_joined_sheet_keeps_every_rule_and_no_comment(entry: Path) -> None:
    joined = assets.joined_css(entry)
    assert "/*" not in joined
    assert "@import" not in joined
    assert joined.startswith("@layer reset,tokens,base,layout,components,utilities;")
    assert joined.count("{") == joined.count("}")
    assert "@import" in entry.read_text("utf-8")


def test_selectors_and_calculations_survive_the_joining(tmp_path: Path) -> None:
    (tmp_path / "part.css").write_text("a b > c :hover { width: calc(1px + 2px) ; /* why */ margin: 0 auto }\n")
    entry = tmp_path / "entry.css"
    entry.write_text('@import url("part.css");\n')
    assert assets.joined_css(entry) == "a b > c :hover{width: calc(1px + 2px);margin: 0 auto}"


def test_each_script_keeps_a_scope_of_its_own(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / f"{name}.js").write_text(f'/* Which {name}? */\n// why\nconst X = "//{name}"; // kept\n')
    entry = tmp_path / "entry.js"
    entry.write_text('import "./one.js";\nimport "./two.js";\n')
    assert assets.joined_js(entry) == '{\nconst X = "//one"; // kept\n}\n{\nconst X = "//two"; // kept\n}\n'


def test_a_script_that_imports_is_refused(tmp_path: Path) -> None:
    (tmp_path / "one.js").write_text('import { x } from "./two.js";\n')
    entry = tmp_path / "entry.js"
    entry.write_text('import "./one.js";\n')
    with pytest.raises(ValueError, match="must not import or export"):
        assets.joined_js(entry)


@pytest.mark.parametrize("script", sorted(JS.glob("*.js")), ids=lambda path: path.name)
def test_a_script_is_short_says_what_it_is_for_and_needs_no_exception_from_the_policy(script: Path) -> None:
    text = script.read_text("utf-8")
    assert text.count("\n") <= 120
    assert text.startswith(("/* ", "// "))
    assert not re.search(r"\beval\(|new Function|\.style\b|document\.write|\.on(click|input)\b", text)
    assert "`\n" not in text, "a template literal over several lines would lose its indentation"


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_a_template_asks_only_for_icons_that_are_drawn(template: Path) -> None:
    for name in re.findall(r'{% icon "([\w-]+)"', template.read_text("utf-8")):
        assert f'id="icon-{name}"' in SPRITE


def test_every_component_belongs_to_a_page() -> None:
    imported = {name for entry in assets.entries("css") for name in re.findall(r'"([\w-]+\.css)"', entry.read_text())}
    on_its_own = {"mail-body.css"} | {entry.name for entry in assets.entries("css")}
    assert {path.name for path in CSS.glob("*.css")} == imported | on_its_own
