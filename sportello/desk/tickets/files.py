"""Files and mail bodies at the desk: what a stranger sent is never run, and only shown to who may see it."""

from django.http import Http404, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_GET

from sportello.desk.http import DeskRequest, desk_only
from sportello.kernel.html import with_images
from sportello.people.policy import authorize
from sportello.tickets import policy
from sportello.tickets.models import Attachment, Message
from sportello.ui.downloads import download
from sportello.ui.mail_body import mail_body


@require_GET
@desk_only
def attachment(request: DeskRequest, pk: int, name: str) -> HttpResponseBase:
    found = get_object_or_404(Attachment.objects.visible_to(request.user).select_related("blob"), pk=pk)
    return download(found.blob, found.name, found.content_type)


@require_GET
@desk_only
@xframe_options_sameorigin
def body(request: DeskRequest, pk: int) -> HttpResponseBase:
    """The sanitised HTML of a mail, as a document of its own for a frame that runs nothing."""
    message = get_object_or_404(Message.objects.visible_to(request.user).prefetch_related("attachments"), pk=pk)
    remote = request.GET.get("images") == "1"
    pictures = {name: f"/desk/files/{file.pk}/inline" for name, file in message.pictures_in_place.items()}
    shown = with_images(message.html, inline=pictures.get, remote=remote, host=request.get_host())
    return mail_body(shown, language=message.language, remote_images=remote)


@require_GET
@desk_only
def source(request: DeskRequest, pk: int) -> HttpResponseBase:
    """A message as it arrived, byte for byte."""
    message = get_object_or_404(Message.objects.visible_to(request.user).select_related("raw", "ticket"), pk=pk)
    authorize(policy.can_view(request.user, message.ticket))
    if message.raw is None:
        raise Http404
    return download(message.raw, f"message-{pk}.eml", "message/rfc822")
