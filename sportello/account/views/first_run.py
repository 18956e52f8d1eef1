"""How is an empty installation opened? By whoever comes first and knows the code that its start printed, once."""

from datetime import timedelta

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from sportello.account.forms import SetupForm
from sportello.account.signing_in import home_of, let_in
from sportello.kernel.limits import give_back, take
from sportello.people.first_run import SetUpAlready, is_waiting, set_up
from sportello.people.models import Brand
from sportello.ui.visitor import network

MOST_CODES = 20
PAUSE = timedelta(minutes=15)


def _wait(seconds: int) -> str:
    minutes = -(-seconds // 60)
    text = ngettext(
        "There were too many failed attempts. Wait %(minutes)s minute.",
        "There were too many failed attempts. Wait %(minutes)s minutes.",
        minutes,
    )
    return text % {"minutes": minutes}


@sensitive_post_parameters("password", "code")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def setup(request: HttpRequest) -> HttpResponse:
    if not is_waiting():
        raise Http404
    if request.method != "POST":
        known = {"language": get_language(), "time_zone": Brand.current().time_zone}
        return render(request, "account/setup.html", {"form": SetupForm(initial=known)})
    tried = take("setup-codes-from", network(request), limit=MOST_CODES, per=PAUSE)
    form = SetupForm(request.POST, pause="" if tried else _wait(tried.retry_after_seconds))
    if not form.is_valid():
        if tried and not form.has_error("code"):
            give_back("setup-codes-from", network(request))
        return render(request, "account/setup.html", {"form": form}, status=400 if tried else 429)
    try:
        user = set_up(form.founding())
    except SetUpAlready as error:
        raise Http404 from error
    let_in(request, user)
    return redirect(home_of(user))
