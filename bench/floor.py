"""What would a page cost if it were nothing but its queries and its rows? One bare view a page, on the same server.

The rows, people, tags, counts, messages and facts of the real page, asked for plainly and written by a plain template:
no rights, no translation, no marks, no live parts, no frame around it.
"""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.floor_settings")

from django.core.wsgi import get_wsgi_application

_pages = get_wsgi_application()

from a2wsgi import WSGIMiddleware  # noqa: E402
from django.contrib.auth.decorators import login_required  # noqa: E402
from django.db import transaction  # noqa: E402
from django.db.models import Count  # noqa: E402
from django.http import HttpRequest, HttpResponse  # noqa: E402
from django.shortcuts import get_object_or_404, redirect, render  # noqa: E402
from django.urls import path  # noqa: E402
from django.utils import timezone  # noqa: E402

from sportello.channels.email.models import Mailbox, MailIdentity, OutgoingMail  # noqa: E402
from sportello.config.asgi import THREADS  # noqa: E402
from sportello.kernel.models import Job  # noqa: E402
from sportello.kernel.search import find, index  # noqa: E402
from sportello.people.models import Team  # noqa: E402
from sportello.tickets.models import Message, Ticket, TimelineEntry  # noqa: E402
from sportello.tickets.saying import MESSAGE  # noqa: E402

ROWS = 50
HITS = 200


def _sides(request: HttpRequest) -> dict[str, object]:
    teams = list(request.user.memberships.values_list("team_id", flat=True))
    counts = Ticket.objects.filter(active=1, team__in=teams).order_by().values_list("team_id", "assignee_id")
    groups = list(counts.annotate(n=Count("*")))
    return {"teams": Team.objects.filter(pk__in=teams), "all": sum(n for _team, _assignee, n in groups)}


def _listed() -> object:
    return Ticket.objects.select_related("requester", "organisation", "assignee").prefetch_related("tags")


@login_required
def queue(request: HttpRequest) -> HttpResponse:
    rows = _listed().filter(active=1).order_by("-priority", "created_at", "id")[:ROWS]
    return render(request, "list.html", {"rows": rows, **_sides(request)})


@login_required
def ticket(request: HttpRequest, number: int) -> HttpResponse:
    shown = get_object_or_404(Ticket.objects.select_related("requester", "organisation", "team", "assignee"), pk=number)
    messages = shown.messages.select_related("author").prefetch_related("attachments").order_by("id")
    context = {
        "ticket": shown,
        "messages": messages,
        "facts": shown.timeline.select_related("actor"),
        "tags": shown.tags.all(),
        "others": Ticket.objects.filter(requester=shown.requester).order_by("-id")[:5],
        **_sides(request),
    }
    return render(request, "ticket.html", context)


@login_required
def search(request: HttpRequest) -> HttpResponse:
    hits = find(request.GET["q"], scopes=None, limit=HITS)
    numbers = list(dict.fromkeys(hit.container for hit in hits if hit.container > 0))[:ROWS]
    texts = dict(Message.objects.filter(pk__in=[hit.ref for hit in hits][:ROWS]).values_list("ticket_id", "text"))
    rows = list(_listed().filter(pk__in=numbers).order_by("-id"))
    for row in rows:
        row.excerpt = texts.get(row.pk, row.excerpt)[:200]
    return render(request, "list.html", {"rows": rows, **_sides(request)})


@login_required
@transaction.atomic
def reply(request: HttpRequest, number: int) -> HttpResponse:
    """The rows of an answer: what was said, what it changes, the mail that leaves, and the words to find it by."""
    about = get_object_or_404(Ticket.objects.select_related("requester"), pk=number)
    now, text = timezone.now(), request.POST["text"]
    said = Message.objects.create(ticket=about, author=request.user, text=text, created_at=now)
    Ticket.objects.filter(pk=number).update(status="open", excerpt=text[:160], last_message_at=now, updated_at=now)
    for fact in ("MessageAdded", "TicketReopened"):
        TimelineEntry.objects.create(ticket=about, kind=fact, data={"ticket_id": number}, actor=request.user, at=now)
    index(MESSAGE, said.pk, container=number, scope=about.team_id, text=text)
    mailbox = Mailbox.objects.filter(team=about.team_id)[0]
    name, to = f"<{said.pk}.floor@desk.example>", [about.requester.address]
    mail = OutgoingMail.objects.create(
        purpose="reply", ticket=about, message=said, mailbox=mailbox, to=to, msgid=name, not_before=now
    )
    MailIdentity.objects.create(msgid=name, ticket=about, message=said, ours=True)
    Job.objects.create(task="bench", args=[mail.pk], lane="bench")
    return redirect(f"/tickets/{number}/")


urlpatterns = [
    path("queue/", queue),
    path("tickets/<int:number>/", ticket),
    path("tickets/<int:number>/messages/", reply),
    path("search/", search),
]
application = WSGIMiddleware(_pages, workers=THREADS)
