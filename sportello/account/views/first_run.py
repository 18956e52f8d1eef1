"""How is an empty installation opened? By whoever comes first, once."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from sportello.account.forms import SetupForm
from sportello.account.signing_in import home_of, let_in
from sportello.people.first_run import SetUpAlready, is_waiting, set_up
from sportello.people.models import Brand


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def setup(request: HttpRequest) -> HttpResponse:
    if not is_waiting():
        raise Http404
    known = {"language": get_language(), "time_zone": Brand.current().time_zone}
    form = SetupForm(request.POST if request.method == "POST" else None, initial=known)
    if not form.is_valid():
        return render(request, "account/setup.html", {"form": form}, status=400 if form.is_bound else 200)
    try:
        user = set_up(form.founding())
    except SetUpAlready as error:
        raise Http404 from error
    let_in(request, user)
    return redirect(home_of(user))
