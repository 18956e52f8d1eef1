"""Is there a style for every size of an avatar, and a drawing for every icon, that a template names?"""

import re
from pathlib import Path

import sportello

HOME = Path(sportello.__file__).parent
TEMPLATES = "\n".join(page.read_text() for page in HOME.glob("*/**/templates/**/*.html"))


def test_every_size_of_an_avatar_has_a_style() -> None:
    sizes = set(re.findall(r"""{% avatar [\w.]+ ["'](\w+)["']""", TEMPLATES))
    style = (HOME / "ui/static/ui/css/avatar.css").read_text()
    assert sizes >= {"sm", "lg"}
    assert [size for size in sizes if f".avatar--{size} " not in style] == []


def test_every_icon_that_is_named_is_drawn() -> None:
    named = set(re.findall(r"""{% icon ["']([\w-]+)["']""", TEMPLATES))
    sprite = (HOME / "ui/static/ui/icons/sprite.svg").read_text()
    assert "mail" in named
    assert [name for name in named if f'id="icon-{name}"' not in sprite] == []
