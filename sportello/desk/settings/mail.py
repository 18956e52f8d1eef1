"""Which mail needs somebody? Held in quarantine, stuck on its way out, and what went into the built-in sink."""

from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_GET, require_POST

from sportello.channels.email.deliveries import give_up, try_again
from sportello.channels.email.models import InboundMail, OutgoingMail, SinkMail
from sportello.channels.email.quarantine import retry
from sportello.desk.http import DeskRequest, administrators_only
from sportello.kernel.files import read
from sportello.kernel.html import sanitise
from sportello.ui.downloads import download
from sportello.ui.fragments import toast
from sportello.ui.mail_body import mail_body

A_PAGE = 50


def _page(
    request: DeskRequest, rows: QuerySet[InboundMail] | QuerySet[OutgoingMail] | QuerySet[SinkMail], kind: str
) -> HttpResponse:
    page = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    counts = {
        "held": InboundMail.objects.quarantined().count(),
        "stuck": OutgoingMail.objects.stuck().count(),
    }
    return render(request, f"desk/settings/mail_{kind}.html", {"page": page, "kind": kind, "counts": counts})


@require_GET
@administrators_only
def held(request: DeskRequest) -> HttpResponse:
    return _page(request, InboundMail.objects.quarantined().select_related("mailbox"), "held")


@require_POST
@administrators_only
def retry_held(request: DeskRequest, pk: int) -> HttpResponseBase:
    retry(get_object_or_404(InboundMail.objects.quarantined(), pk=pk))
    return toast(request, redirect("desk:mail"), _("It is being read again"))


@require_GET
@administrators_only
def held_source(request: DeskRequest, pk: int) -> HttpResponseBase:
    mail = get_object_or_404(InboundMail.objects.select_related("raw"), pk=pk)
    return download(mail.raw, f"mail-{pk}.eml", "message/rfc822")


@require_GET
@administrators_only
def stuck(request: DeskRequest) -> HttpResponse:
    return _page(request, OutgoingMail.objects.stuck().select_related("mailbox", "ticket"), "stuck")


@require_POST
@administrators_only
def retry_stuck(request: DeskRequest, pk: int) -> HttpResponseBase:
    try_again(get_object_or_404(OutgoingMail.objects.stuck(), pk=pk), by=request.user)
    return toast(request, redirect("desk:mail_stuck"), _("It is being sent again"))


@require_POST
@administrators_only
def cancel_stuck(request: DeskRequest, pk: int) -> HttpResponseBase:
    give_up(get_object_or_404(OutgoingMail.objects.stuck(), pk=pk), by=request.user)
    return toast(request, redirect("desk:mail_stuck"), _("It will not be sent"))


@require_GET
@administrators_only
def sent(request: DeskRequest) -> HttpResponse:
    return _page(request, SinkMail.objects.all(), "sent")


def _letter(pk: int) -> tuple[SinkMail, EmailMessage]:
    mail = get_object_or_404(SinkMail.objects.select_related("raw", "outgoing"), pk=pk)
    letter = message_from_bytes(read(mail.raw), policy=default)
    assert isinstance(letter, EmailMessage)
    return mail, letter


@require_GET
@administrators_only
def sent_mail(request: DeskRequest, pk: int) -> HttpResponse:
    mail, letter = _letter(pk)
    plain = letter.get_body(("plain",))
    names = ("From", "To", "Cc", "Reply-To", "Subject", "Date", "Message-ID", "In-Reply-To", "References")
    context = {
        "mail": mail,
        "headers": [(name, letter[name]) for name in names if letter[name]],
        "text": plain.get_content() if plain else "",
        "files": [part.get_filename() for part in letter.iter_attachments()],
    }
    return render(request, "desk/settings/sent_mail.html", context)


@require_GET
@administrators_only
@xframe_options_sameorigin
def sent_body(request: DeskRequest, pk: int) -> HttpResponseBase:
    _mail, letter = _letter(pk)
    html = letter.get_body(("html",))
    return mail_body(sanitise(html.get_content()).html if html else "")


@require_GET
@administrators_only
def sent_source(request: DeskRequest, pk: int) -> HttpResponseBase:
    mail = get_object_or_404(SinkMail.objects.select_related("raw"), pk=pk)
    return download(mail.raw, f"sent-{pk}.eml", "message/rfc822")
