"""What does a customer see of one request, and what can they say and do there? Signed in or by link, the same."""

from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_safe

from sportello.kernel.html import with_images
from sportello.portal import sending
from sportello.portal.access import Way, by_link, by_session
from sportello.portal.forms import AnswerForm, SentOnceForm, SolutionForm
from sportello.portal.language import as_typed, changes_language, in_language_asked
from sportello.portal.pace import pause_for_person, say_pause
from sportello.portal.stages import solution_of, stage_of, steps_of
from sportello.portal.thread import file_of, lines_of, messages_of
from sportello.tickets import policy
from sportello.tickets.models import Attachment, Message
from sportello.tickets.words import Status
from sportello.ui.downloads import download
from sportello.ui.fragments import toast
from sportello.ui.mail_body import mail_body
from sportello.ui.uploads import cap_uploads, too_large


def to_the_page(view: Callable[[HttpRequest, Way], HttpResponse]) -> Callable[[HttpRequest, Way], HttpResponse]:
    """A refused form is shown under the address that it was sent to: opened anew, that leads back to the request."""

    @require_http_methods(["GET", "HEAD", "POST"])
    @wraps(view)
    def posted(request: HttpRequest, way: Way) -> HttpResponse:
        return view(request, way) if request.method == "POST" else redirect(way.url("request"))

    return posted


@require_safe
def _request(request: HttpRequest, way: Way) -> HttpResponse:
    return _page(request, way, AnswerForm())


def _page(request: HttpRequest, way: Way, form: SentOnceForm, status: int = 200) -> HttpResponse:
    messages = messages_of(way)
    context = {
        "way": way,
        "ticket": way.ticket,
        "stage": stage_of(way.ticket),
        "solution": solution_of(way.ticket),
        "steps": steps_of(way.ticket, messages),
        "lines": lines_of(way, messages, request.GET.get("images", "")),
        "participants": way.ticket.participants.all(),
        "form": form,
        "upload_limit": settings.UPLOAD_LIMIT_BYTES,
        "urls": {name: way.url(name) for name in ("request", "answer", "solution")},
    }
    return render(request, "portal/request.html", context, status=status)


@to_the_page
def _answer(request: HttpRequest, way: Way) -> HttpResponse:
    if changes_language(request):
        person = None if way.token else way.reader
        return in_language_asked(request, person, lambda: _page(request, way, as_typed(AnswerForm, request.POST)))
    form = AnswerForm(request.POST, request.FILES)
    refused = _refused(request, way, form)
    if refused:
        return refused
    message = sending.answer(way, form)
    there = way.to(message.ticket) if message.ticket_id != way.ticket.pk else way
    if there is way:
        text = _("We have your answer.")
    else:
        numbers = {"old": way.ticket.pk, "new": message.ticket_id}
        text = _("Request %(old)s was finished. Your answer opened a new one, %(new)s, linked to it.") % numbers
    return toast(request, redirect(there.url("request")), text)


@to_the_page
def _solution(request: HttpRequest, way: Way) -> HttpResponse:
    form = SolutionForm(request.POST, request.FILES)
    refused = _refused(request, way, form)
    if refused:
        return refused
    if form.cleaned_data["body"] or form.cleaned_data["attachments"]:
        sending.answer(way, form)
    if not policy.can_set(way.reader, way.ticket, Status.SOLVED):
        return redirect(way.url("request"))
    way.ticket.set_status(Status.SOLVED, by=way.reader)
    return toast(request, redirect(way.url("request")), _("Thank you. The request is marked as solved."))


def _refused(request: HttpRequest, way: Way, form: SentOnceForm) -> HttpResponse | None:
    """The page again with every word kept, where the words cannot be taken."""

    def again(request: HttpRequest, form: SentOnceForm, status: int) -> HttpResponse:
        return _page(request, way, form, status)

    if too_large(request):
        form.refuse_files()
    if not form.is_valid():
        return again(request, form, form.refusal_status)
    pause = pause_for_person(way.reader)
    return say_pause(again, request, form, pause) if pause else None


@require_safe
def _message(request: HttpRequest, way: Way, message_pk: int) -> HttpResponse:
    """A message's own HTML, for the frame."""
    shown = Message.objects.of_ticket(way.ticket).for_customers().for_thread()
    message = get_object_or_404(shown, pk=message_pk)
    pictures = {name: file_of(way, file).url for name, file in message.pictures_in_place.items()}
    remote = request.GET.get("images") == "1"
    html = with_images(message.html, inline=pictures.get, remote=remote, host=request.get_host())
    return mail_body(html, language=message.language, remote_images=remote)


@require_safe
def _file(request: HttpRequest, way: Way, file_pk: int, name: str) -> HttpResponseBase:
    """The name in the address is for whoever saves it; ours decides."""
    mine = Attachment.objects.followed_by(way.reader).of_ticket(way.ticket).select_related("blob")
    found = get_object_or_404(mine, pk=file_pk)
    return download(found.blob, found.name, found.content_type)


request_by_session = by_session(_request)
answer_by_session = csrf_exempt(cap_uploads(csrf_protect(by_session(_answer))))
solution_by_session = csrf_exempt(cap_uploads(csrf_protect(by_session(_solution))))
message_by_session = by_session(_message)
file_by_session = by_session(_file)

# A link's pages say `Referrer-Policy: no-referrer`, so browsers send `Origin: null`, and no cookie gives a right here:
# the token in the address does.
request_by_link = by_link(_request)
answer_by_link = csrf_exempt(cap_uploads(by_link(_answer)))
solution_by_link = csrf_exempt(cap_uploads(by_link(_solution)))
message_by_link = by_link(_message)
file_by_link = by_link(_file)
