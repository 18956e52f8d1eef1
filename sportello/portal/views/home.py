"""What does a customer see first? One field to search in, their open requests, the topics."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from sportello.people.models import Team, User
from sportello.portal.stages import stage_of
from sportello.tickets.models import Ticket

SHOWN = 3
MORNING, NOON, EVENING = 5, 12, 18  # hours; until morning it is still evening


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    person = request.user if isinstance(request.user, User) else None
    context = {
        "greeting": greeting(person),
        "topics": Team.objects.offered(),
        "requests": [(ticket, stage_of(ticket)) for ticket in _open_requests(person)] if person else [],
    }
    return render(request, "portal/home.html", context)


def _open_requests(person: User) -> list[Ticket]:
    return list(Ticket.objects.followed_by(person).active().with_people().newest_first()[:SHOWN])


def greeting(person: User | None) -> str:
    hour = timezone.localtime().hour
    words = _("Good evening")
    if MORNING <= hour < EVENING:
        words = _("Good morning") if hour < NOON else _("Good afternoon")
    return f"{words}, {person.first_name}." if person and person.name else f"{words}."
