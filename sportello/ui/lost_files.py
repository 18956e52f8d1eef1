"""What does somebody see whose file the store has lost? The same sentence at every door."""

from django.http import HttpRequest, HttpResponse
from django.utils.deprecation import MiddlewareMixin
from django.utils.translation import gettext as _

from sportello.kernel.files import FileLost
from sportello.ui.errors import problem_page


class LostFileMiddleware(MiddlewareMixin):
    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """410: it was here. The store has logged which one."""
        if not isinstance(exception, FileLost):
            return None
        text = _("It was here, but our store has lost it. An administrator may bring it back from a backup.")
        return problem_page(request, 410, _("This file is lost"), text)
