"""How does a customer ask? One form, and a receipt with a number."""

from django.conf import settings
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_safe

from sportello.channels.email.deliveries import mail_can_leave
from sportello.people.models import Team, User
from sportello.portal import sending
from sportello.portal.access import broken_link
from sportello.portal.forms import GuestRequestForm, RequestForm
from sportello.portal.language import as_typed, changes_language, in_language_asked
from sportello.portal.pace import pause_for_guest, pause_for_person, say_pause
from sportello.tickets.models import Message
from sportello.ui.errors import problem_page
from sportello.ui.fragments import toast
from sportello.ui.uploads import cap_uploads, too_large

RECEIPT_DAYS = 2
_SALT = "portal.receipt"


@csrf_exempt
@cap_uploads
@csrf_protect
@require_http_methods(["GET", "HEAD", "POST"])
def new_request(request: HttpRequest) -> HttpResponse:
    topics = list(Team.objects.offered()[:2])
    form = _form(request, topics[0] if len(topics) == 1 else None)
    if not topics:
        text = _("There is no team yet that takes requests. Come back later.")
        return problem_page(request, 503, _("This counter is not open yet"), text)
    if request.method != "POST":
        return _page(request, form)
    if changes_language(request):
        person = request.user if isinstance(request.user, User) else None
        return in_language_asked(request, person, lambda: _page(request, as_typed(type(form), request.POST)))
    if too_large(request):
        form.refuse_files()
    if not form.is_valid():
        return _page(request, form, status=form.refusal_status)
    if isinstance(request.user, User):
        return _take_from_person(request, form, request.user)
    return _take_from_guest(request, form)


def _form(request: HttpRequest, only_topic: Team | None) -> RequestForm:
    kind = RequestForm if request.user.is_authenticated else GuestRequestForm
    if request.method == "POST":
        return kind(request.POST, request.FILES)
    wish = {name: request.GET.get(name, "")[:200] for name in ("subject", "topic")}
    return kind(initial={"impact": "part", **wish, "topic": only_topic or wish["topic"]})


def _page(request: HttpRequest, form: RequestForm, status: int = 200) -> HttpResponse:
    context = {"form": form, "upload_limit": settings.UPLOAD_LIMIT_BYTES}
    return render(request, "portal/new_request.html", context, status=status)


def _take_from_person(request: HttpRequest, form: RequestForm, person: User) -> HttpResponse:
    pause = pause_for_person(person)
    if pause:
        return say_pause(_page, request, form, pause)
    message = sending.open_by_person(form, person)
    text = _("We have your request. Its number is %(number)s.") % {"number": message.ticket_id}
    return toast(request, redirect("portal:request", message.ticket_id), text)


def _take_from_guest(request: HttpRequest, form: RequestForm) -> HttpResponse:
    pause = pause_for_guest(request, form.cleaned_data["address"])
    if pause:
        return say_pause(_page, request, form, pause)
    return redirect("portal:receipt", signing.dumps(sending.open_by_guest(form).pk, salt=_SALT))


@require_safe
def receipt(request: HttpRequest, token: str) -> HttpResponseBase:
    """Shows what was just sent, and nothing else that we know of that address."""
    try:
        pk = signing.loads(token, salt=_SALT, max_age=RECEIPT_DAYS * 24 * 60 * 60)
    except signing.BadSignature:
        return broken_link(request)
    message = Message.objects.select_related("ticket", "author").in_bulk([pk]).get(pk)
    if message is None:
        raise Http404
    context = {
        "ticket": message.ticket,
        "address": message.author.address,
        "held": message.is_held,
        "mail_can_leave": mail_can_leave(),
    }
    response = render(request, "portal/receipt.html", context)
    response["X-Robots-Tag"] = "noindex"
    response["Cache-Control"] = "private, no-store"
    return response
