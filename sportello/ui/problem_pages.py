"""Within whose frame is a problem told? The doors register their page, so that nobody loses the way by a mistake."""

from django.http import HttpRequest

from sportello.ui.navigation import Allowed, everyone

BARE = "ui/problem.html"  # asks nothing of the database

_pages: dict[str, tuple[str, Allowed]] = {}


def register_problem_page(prefix: str, template: str, allowed: Allowed = everyone) -> None:
    """For addresses that begin with `prefix`, the longest first, where the person is `allowed`.

    It includes `ui/_problem.html`, which takes `home` and `home_label`, the way back.
    """
    _pages[prefix] = (template, allowed)


def problem_template(request: HttpRequest) -> str:
    fitting = [
        prefix
        for prefix, (_template, allowed) in _pages.items()
        if request.path.startswith(prefix) and allowed(request.user)
    ]
    return _pages[max(fitting, key=len)][0] if fitting else BARE
