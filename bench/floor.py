"""What would a page cost if it were nothing but its queries and its rows? One bare view a page, on the same server.

Each view asks what the page asks and writes what it writes, plainly, and shows the rows by a plain template: no policy,
no translation, no marks, no live parts, no frame around it.
"""

import os
from hashlib import sha256
from secrets import token_hex

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.floor_settings")

from django.core.wsgi import get_wsgi_application

_pages = get_wsgi_application()

from a2wsgi import WSGIMiddleware  # noqa: E402
from django.contrib.auth.decorators import login_required  # noqa: E402
from django.db import transaction  # noqa: E402
from django.db.models import Count, Exists, OuterRef, Q, QuerySet  # noqa: E402
from django.http import HttpRequest, HttpResponse  # noqa: E402
from django.shortcuts import get_object_or_404, redirect, render  # noqa: E402
from django.urls import path  # noqa: E402
from django.utils import timezone  # noqa: E402

from sportello.channels.email.models import Mailbox, MailIdentity, OutgoingMail  # noqa: E402
from sportello.config.asgi import THREADS  # noqa: E402
from sportello.kernel.live import publish  # noqa: E402
from sportello.kernel.models import Job  # noqa: E402
from sportello.kernel.search import find, index  # noqa: E402
from sportello.people.finding import KIND as PERSON  # noqa: E402
from sportello.people.models import Team, User  # noqa: E402
from sportello.tickets.events import MessageAdded  # noqa: E402
from sportello.tickets.models import (  # noqa: E402
    BulkJob,
    Message,
    Participant,
    Presence,
    SavedView,
    Submission,
    Ticket,
    TicketSeen,
    TimelineEntry,
)
from sportello.tickets.saying import AT_DESK, MESSAGE  # noqa: E402

ROWS = 50
HITS = 200
PEOPLE = ["requester", "organisation", "assignee"]


def _teams(request: HttpRequest) -> list[int]:
    return list(request.user.memberships.values_list("team_id", flat=True))


def _sides(request: HttpRequest, teams: list[int]) -> dict[str, object]:
    counts = Ticket.objects.filter(active=1, team__in=teams).order_by().values_list("team_id", "assignee_id")
    groups = list(counts.annotate(n=Count("*")))
    saved = SavedView.objects.filter(Q(owner=request.user) | Q(team__in=teams))
    return {"teams": Team.objects.filter(pk__in=teams), "saved": saved, "all": sum(n for *_, n in groups)}


def _listed(teams: list[int]) -> QuerySet[Ticket]:
    return Ticket.objects.filter(team__in=teams).select_related(*PEOPLE).prefetch_related("tags")


@login_required
def queue(request: HttpRequest) -> HttpResponse:
    teams = _teams(request)
    rows = list(_listed(teams).filter(active=1).order_by("-priority", "created_at", "id")[:ROWS])
    seen = TicketSeen.objects.filter(user=request.user, ticket=OuterRef("pk"), at__gte=OuterRef("last_customer_at"))
    unread = Ticket.objects.filter(pk__in=[row.pk for row in rows]).exclude(Exists(seen)).values_list("pk", flat=True)
    context = {
        "rows": rows,
        "unread": set(unread),
        "alone": not User.objects.filter(is_active=True).exclude(pk=request.user.pk).exists(),
        "job": BulkJob.objects.filter(owner=request.user).order_by("-id").first(),
    }
    return render(request, "list.html", context | _sides(request, teams))


@login_required
def ticket(request: HttpRequest, number: int) -> HttpResponse:
    teams = _teams(request)
    around = Ticket.objects.filter(team__in=teams).select_related("team", *PEOPLE)
    shown = get_object_or_404(around, pk=number)
    messages = list(shown.messages.select_related("author").prefetch_related("attachments").order_by("id"))
    now = timezone.now()
    context = {
        "ticket": shown,
        "messages": messages,
        "mails": OutgoingMail.objects.filter(message__in=messages),
        "facts": shown.timeline.select_related("actor"),
        "here": Presence.objects.filter(ticket=shown, until__gt=now).select_related("user"),
        "copied": Participant.objects.filter(ticket=shown).select_related("user"),
        "tags": shown.tags.all(),
        "others": Ticket.objects.filter(team__in=teams, requester=shown.requester).order_by("-id")[:5],
    }
    return render(request, "ticket.html", context)


@login_required
def search(request: HttpRequest) -> HttpResponse:
    teams, words = _teams(request), request.GET["q"]
    hits = find(words, scopes=teams, kinds=AT_DESK, limit=HITS)
    numbers = list(dict.fromkeys(hit.container for hit in hits))[:ROWS]
    people = [hit.ref for hit in find(words, scopes=[0], kinds=[PERSON], limit=HITS)]
    if people:
        numbers += Ticket.objects.filter(requester__in=people).values_list("pk", flat=True)[:ROWS]
    texts = dict(Message.objects.filter(pk__in=[hit.ref for hit in hits][:ROWS]).values_list("ticket_id", "text"))
    rows = list(_listed(teams).filter(pk__in=numbers).order_by("-id"))
    for row in rows:
        row.excerpt = texts.get(row.pk, row.excerpt)[:200]
    return render(request, "list.html", {"rows": rows, **_sides(request, teams)})


@login_required
@transaction.atomic
def reply(request: HttpRequest, number: int) -> HttpResponse:
    """The rows of an answer: what was said and changed, the mail that leaves, the words to find it by, the marks."""
    about = get_object_or_404(Ticket.objects.select_related(*PEOPLE).filter(team__in=_teams(request)), pk=number)
    now, text = timezone.now(), request.POST["text"]
    token = {"token_hash": token_hex(32), "content_hash": sha256(text.encode()).hexdigest()}  # a new form each time
    if Submission.objects.filter(**token).exists():
        return redirect(f"/tickets/{number}/")
    said = Message.objects.create(ticket=about, author=request.user, text=text, created_at=now)
    Ticket.objects.filter(pk=number).update(excerpt=text[:160], last_message_at=now, updated_at=now)
    fact = MessageAdded(number, request.user.pk, said.pk, "public", incoming=False, excerpt=text[:160])
    TimelineEntry.objects.create(ticket=about, kind=fact.kind, data=fact.as_json(), actor=request.user, at=now)
    index(MESSAGE, said.pk, container=number, scope=about.team_id, text=text)
    mailbox = Mailbox.objects.filter(team=about.team_id)[0]
    name, to = f"<{said.pk}.floor@desk.example>", [about.requester.address]
    if not Mailbox.objects.filter(address__in=to).exists():
        mail = OutgoingMail.objects.create(
            purpose="reply", ticket=about, message=said, mailbox=mailbox, to=to, msgid=name, not_before=now
        )
        MailIdentity.objects.create(msgid=name, ticket=about, message=said, ours=True)
        Job.objects.create(task="bench", args=[mail.pk], lane="bench")
    TicketSeen.mark(number, request.user.pk)
    publish("ticket", ticket=number, teams=[about.team_id])
    Submission.objects.create(message=said, **token)
    return redirect(f"/tickets/{number}/")


urlpatterns = [
    path("queue/", queue),
    path("tickets/<int:number>/", ticket),
    path("tickets/<int:number>/messages/", reply),
    path("search/", search),
]
application = WSGIMiddleware(_pages, workers=THREADS)
