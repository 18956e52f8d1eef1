"""Which requests does this person follow, and how does each stand?"""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from sportello.people.http import PersonRequest
from sportello.portal.stages import stage_of
from sportello.tickets.following import followed_saying
from sportello.tickets.models import Ticket

ON_A_PAGE = 15
LONGEST_QUERY = 200


@login_required
@require_safe
def requests(request: PersonRequest) -> HttpResponse:
    words = request.GET.get("q", "").replace("\0", "").strip()[:LONGEST_QUERY]
    show = request.GET.get("show", "open")
    found = followed_saying(words, request.user) if words else Ticket.objects.followed_by(request.user)
    if show == "solved":
        found = found.solved()
    elif show != "all":
        show, found = "open", found.active()
    page = Paginator(found.with_people().recently_updated(), ON_A_PAGE).get_page(request.GET.get("page"))
    rows = [(ticket, stage_of(ticket)) for ticket in page.object_list]
    return render(request, "portal/requests.html", {"page": page, "rows": rows, "show": show, "words": words})
