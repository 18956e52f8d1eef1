"""How is a question kept, changed and removed? Saved views at the desk."""

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from sportello.desk.http import DeskRequest, desk_only
from sportello.desk.queue.forms import SaveViewForm
from sportello.desk.queue.views import chosen_queue, sidebar_context
from sportello.people.policy import authorize
from sportello.tickets import policy
from sportello.tickets.models import SavedView
from sportello.tickets.queues import Queue
from sportello.tickets.saved_views import NotRestorable, put_back, take_away
from sportello.ui.fragments import toast
from sportello.ui.keeping import kept
from sportello.ui.undoing import forget


@require_http_methods(["GET", "POST"])
@desk_only
def save_view(request: DeskRequest, key: str) -> HttpResponse:
    """Keep the conditions on screen under a name."""
    chosen = chosen_queue(request, key)
    initial = None if request.method == "POST" else request.GET.dict()
    form = SaveViewForm(request.POST or None, user=request.user, initial=initial)
    return _view_form(request, form, chosen, _("View saved"))


@require_http_methods(["GET", "POST"])
@desk_only
def edit_view(request: DeskRequest, pk: int) -> HttpResponse:
    view = _own_view(request, pk)
    form = SaveViewForm(request.POST or None, user=request.user, instance=view)
    return _view_form(request, form, chosen_queue(request, f"saved-{pk}"), _("View changed"))


def _view_form(request: DeskRequest, form: SaveViewForm, chosen: Queue, said: str) -> HttpResponse:
    if view := kept(form, form.save):
        return toast(request, redirect("desk:queue", f"saved-{view.pk}"), said)
    context = {"form": form, **sidebar_context(request.user, chosen)}
    return render(request, "desk/queue/save_view.html", context, status=422 if request.method == "POST" else 200)


def _own_view(request: DeskRequest, pk: int) -> SavedView:
    """Raises Http404 for one that is not visible, and PermissionDenied."""
    view = get_object_or_404(SavedView.objects.visible_to(request.user), pk=pk)
    authorize(policy.can_edit_view(request.user, view))
    return view


@require_POST
@desk_only
def remove_view(request: DeskRequest, pk: int) -> HttpResponse:
    view = _own_view(request, pk)
    undo = reverse("desk:restore_view", args=[take_away(view, by=request.user)])
    return toast(request, redirect("desk:queue", "mine"), _("View removed"), undo_url=undo)


@require_POST
@desk_only
def restore_view(request: DeskRequest, token: str) -> HttpResponse:
    """Undo a removal: only of the person who removed it, and soon after."""
    try:
        view = put_back(token, by=request.user)
    except NotRestorable as error:
        raise Http404 from error
    address = reverse("desk:queue", args=[f"saved-{view.pk}"])
    answer = HttpResponse(headers={"HX-Redirect": address}) if request.htmx else HttpResponseRedirect(address)
    forget(request, answer, request.path)
    return toast(request, answer, _("View is back"))
