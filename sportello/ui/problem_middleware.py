"""What does somebody see whose file the store has lost, or who opens what only a form may send? The same everywhere."""

from django.http import HttpRequest, HttpResponse
from django.utils.deprecation import MiddlewareMixin
from django.utils.translation import gettext as _

from sportello.kernel.files import FileLost
from sportello.ui.errors import problem_page


class ProblemMiddleware(MiddlewareMixin):
    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """410: it was here. The store has logged which one."""
        if not isinstance(exception, FileLost):
            return None
        text = _("It was here, but our store has lost it. An administrator may bring it back from a backup.")
        return problem_page(request, 410, _("This file is lost"), text)

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """405 comes without a word from whatever takes only a form's POST."""
        if response.status_code != 405 or response.content:
            return response
        said = problem_page(
            request,
            405,
            _("This is where a form is sent"),
            _("There is nothing to open here. Go back to the page with the form, and send it from there."),
        )
        said["Allow"] = response["Allow"]
        return said
