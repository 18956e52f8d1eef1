"""What does every page know about its look? Brand, theme, density, language; no query of its own."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.translation import get_language, get_language_bidi, get_language_info

from sportello.ui import navigation
from sportello.ui.brand import OURS, Brand, current_brand

THEMES = ("light", "dark")
DENSITIES = ("comfortable", "compact")
SIDES = ("start", "end")


@dataclass(frozen=True)
class Language:
    code: str
    name: str


@cache
def languages() -> tuple[Language, ...]:
    """The languages on offer, each by its own name for itself."""
    names = {code: str(get_language_info(code)["name_local"]) for code, _name in settings.LANGUAGES}
    return tuple(Language(code, name[:1].upper() + name[1:]) for code, name in names.items())


class Look:
    """Lazy, so that a fragment that asks nothing pays nothing."""

    def __init__(self, request: HttpRequest | None = None) -> None:
        self._request = request

    @cached_property
    def brand(self) -> Brand:
        return current_brand(self._request) if self._request else OURS

    @property
    def language(self) -> str:
        return get_language() or settings.LANGUAGE_CODE

    @property
    def direction(self) -> str:
        return "rtl" if get_language_bidi() else "ltr"

    @property
    def languages(self) -> tuple[Language, ...]:
        return languages()

    @cached_property
    def person(self) -> Any:
        """Who looks, or None for a guest."""
        user = getattr(self._request, "user", None)
        return user if user is not None and user.is_authenticated else None

    @cached_property
    def _wishes(self) -> dict[str, Any]:
        """What the person chose, over what this browser remembers."""
        if self._request is None:
            return {}
        return {**self._request.COOKIES, **(getattr(self.person, "look", None) or {})}

    @property
    def theme(self) -> str:
        """Empty means: as the system says."""
        return self._one_of(THEMES, "theme", "")

    @property
    def density(self) -> str:
        return self._one_of(DENSITIES, "density", "comfortable")

    @property
    def letters(self) -> bool:
        """Whether single letters are keys."""
        return str(self._wishes.get("letters", "on")) not in ("off", "False")

    @property
    def hidden_sides(self) -> str:
        """The sides of the panes that this browser keeps hidden: "", "start", "end" or "start end"."""
        wanted = str(self._wishes.get("panes", "")).split("+")
        return " ".join(side for side in SIDES if side in wanted)

    @property
    def live_url(self) -> str:
        return navigation.link("live")

    def _one_of(self, known: tuple[str, ...], name: str, otherwise: str) -> str:
        wish = self._wishes.get(name)
        return wish if wish in known else otherwise


def look(request: HttpRequest) -> dict[str, Look]:
    return {"look": Look(request)}
