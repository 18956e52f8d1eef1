"""How do addresses come in only when they are asked for? Reading the schemas of the API is a third of a start."""

from typing import Any

from django.urls import URLResolver
from django.urls.resolvers import RoutePattern
from django.utils.datastructures import MultiValueDict
from django.utils.translation import get_language


class LateResolver(URLResolver):
    """An `include` of a namespace whose module is imported at the first request below it, or the first `reverse` of it.

    Django would import it at the first `reverse` of anything, to collect the names of all addresses; names in a
    namespace are looked up below it anyway.
    """

    _namespace_dict: dict[str | None, Any]
    _app_dict: dict[str | None, Any]
    _reverse_dict: MultiValueDict[Any, Any]

    def _populate(self) -> None:
        language = get_language()
        self._namespace_dict[language] = self._app_dict[language] = {}
        self._reverse_dict[language] = MultiValueDict()


def late(route: str, module: str, *, app_name: str, namespace: str) -> LateResolver:
    return LateResolver(RoutePattern(route), module, app_name=app_name, namespace=namespace)
