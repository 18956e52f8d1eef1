"""Where is this person signed in, and how is that ended from here?"""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from sportello.people.http import PersonRequest
from sportello.ui.fragments import toast


@login_required
@require_POST
def end(request: PersonRequest, pk: int) -> HttpResponse:
    get_object_or_404(request.user.sessions.but(request.session.session_key), pk=pk).end()
    return toast(request, redirect("account:me"), _("That browser has been signed out."))


@login_required
@require_POST
def end_others(request: PersonRequest) -> HttpResponse:
    for session in request.user.sessions.but(request.session.session_key):
        session.end()
    return toast(request, redirect("account:me"), _("All other browsers have been signed out."))
