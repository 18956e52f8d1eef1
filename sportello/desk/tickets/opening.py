"""How does an agent open a ticket for somebody: by phone, at the counter, by letter?"""

from typing import Any

from django import forms
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from sportello.desk.http import DeskRequest, desk_only
from sportello.desk.tickets.forms import addresses_in
from sportello.people.models import Team, User
from sportello.people.policy import authorize
from sportello.people.roles import Right
from sportello.tickets import policy, queues
from sportello.tickets.conversation import MOST_TEXT, Words
from sportello.tickets.copies import OUR_OWN, is_ours
from sportello.tickets.files import FilesRefused, NewFile, from_uploads
from sportello.tickets.intake import Entered, open_for_customer
from sportello.tickets.models import Message, Submission, Ticket
from sportello.tickets.models.submission import digest, new_token
from sportello.tickets.reading import tags_like
from sportello.tickets.words import MOST_TAGS, Channel, Priority
from sportello.ui.fields import AddressField, FilesField
from sportello.ui.fragments import toast
from sportello.ui.keeping import kept

SUGGESTED = 8
CHANNELS = (Channel.PHONE, Channel.EMAIL, Channel.FORM)
Areas = forms.Textarea


class NewTicketForm(forms.Form):
    requester = AddressField(
        label=_("Customer's address"),
        widget=forms.EmailInput(
            attrs={
                "list": "people",
                "autocomplete": "off",
                "hx-get": "/desk/tickets/new/people/",
                "hx-trigger": "input changed delay:200ms",
                "hx-target": "#people",
                "hx-swap": "innerHTML",
            }
        ),
    )
    name = forms.CharField(
        label=_("Customer's name"), max_length=200, required=False, help_text=_("For a customer who is new here.")
    )
    team = forms.ChoiceField(label=_("Team"))
    assignee = forms.ChoiceField(label=_("Assignee"), required=False)
    channel = forms.ChoiceField(label=_("How it came"), choices=[(c.value, c.label) for c in CHANNELS])
    priority = forms.TypedChoiceField(
        label=_("Priority"), choices=Priority.choices, coerce=int, initial=Priority.NORMAL.value
    )
    subject = forms.CharField(label=_("Subject"), max_length=250)
    text = forms.CharField(label=_("What is asked"), widget=Areas(attrs={"rows": 8}), max_length=MOST_TEXT)
    files = FilesField(label=_("Files"), required=False)  # type: ignore[assignment]  # shadows the uploads
    cc = forms.CharField(
        label=_("In copy"), required=False, max_length=5000, help_text=_("Addresses, with commas between them.")
    )
    tags = forms.CharField(label=_("Tags"), required=False, max_length=1000, help_text=_("With commas between them."))
    note = forms.CharField(
        label=_("Internal note"),
        widget=Areas(attrs={"rows": 3}),
        max_length=MOST_TEXT,
        required=False,
        help_text=_("Customers never see it."),
    )

    token = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput)

    def __init__(self, *args: Any, user: User, looked_at: str = "", **kwargs: Any) -> None:
        """`looked_at` is the key of the queue that the person looked at last."""
        super().__init__(*args, **kwargs)
        self.user = user
        self.initial["token"] = new_token()
        self.teams = {str(team.pk): team for team in queues.teams_of(user) if policy.can_open(user, team.pk)}
        likely = self._likely_team(looked_at)
        unknown = [] if likely else [("", _("Choose a team"))]
        self.fields["team"].choices = [*unknown, *self.teams.items()]  # type: ignore[attr-defined]  # a ChoiceField
        self.initial["team"] = likely
        self.fields["assignee"].choices = [("", _("Nobody yet")), *self._colleagues()]  # type: ignore[attr-defined]  # the same

    def _likely_team(self, looked_at: str) -> str:
        own = [str(team) for team in self.user.team_roles]
        wishes = (looked_at.removeprefix("team-"), *own, *(self.teams if len(self.teams) == 1 else ()))
        return next((wish for wish in wishes if wish in self.teams), "")

    def _colleagues(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """Who may answer in each team, by team."""
        who_may = User.objects.who_may
        return [
            (team.name, [(str(p.pk), str(p)) for p in who_may(Right.REPLY, team.pk).order_by("name")])
            for team in self.teams.values()
        ]

    def clean_requester(self) -> str:
        address: str = self.cleaned_data["requester"]
        if is_ours(address):
            raise forms.ValidationError(OUR_OWN)
        return address

    def clean_team(self) -> Team:
        return self.teams[self.cleaned_data["team"]]

    def clean_assignee(self) -> User | None:
        wanted = self.cleaned_data["assignee"]
        return User.objects.staff().get(pk=wanted) if wanted else None

    def clean_cc(self) -> list[str]:
        return addresses_in(self.cleaned_data["cc"])

    def clean_tags(self) -> list[str]:
        names = [name for part in self.cleaned_data["tags"].split(",") if (name := part.strip())]
        if len(names) > MOST_TAGS:
            raise forms.ValidationError(_("At most %(most)s tags."), params={"most": MOST_TAGS})
        return names

    def clean_files(self) -> list[NewFile]:
        try:
            return from_uploads(self.cleaned_data["files"])
        except FilesRefused as refusal:
            raise forms.ValidationError(str(refusal)) from refusal

    @property
    def entered(self) -> Entered:
        data = self.cleaned_data
        return Entered(
            subject=data["subject"],
            team=data["team"],
            words=Words(text=data["text"].replace("\r\n", "\n"), files=data["files"]),
            channel=data["channel"],
            requester=data["requester"],
            requester_name=data["name"],
            priority=data["priority"],
            tags=data["tags"],
            cc=data["cc"],
            assignee=data["assignee"],
            note=data["note"].replace("\r\n", "\n"),
        )

    def open_once(self) -> Ticket:
        """The ticket that it makes, now or when it was sent before. Raises ValidationError."""
        data = self.cleaned_data
        files = [part for file in data["files"] for part in (file.name, file.content)]
        typed = {name: str(value) for name, value in data.items() if name not in ("files", "token")}
        content = digest([str(self.user.pk), repr(sorted(typed.items())), *files])
        return Submission.once(data["token"] or new_token(), content, self._first_message).ticket

    def _first_message(self) -> Message:
        return open_for_customer(self.entered, by=self.user).messages.earliest("id")


@require_http_methods(["GET", "POST"])
@desk_only
def new_ticket(request: DeskRequest) -> HttpResponseBase:
    authorize(policy.can_open_some(request.user))
    looked_at = request.session.get("queue", "")
    form = NewTicketForm(request.POST or None, request.FILES or None, user=request.user, looked_at=looked_at)
    if request.method == "POST" and form.is_valid():
        authorize(policy.can_enter(request.user, form.entered))
        if ticket := kept(form, form.open_once):
            said = gettext("Ticket %(number)s opened") % {"number": ticket.pk}
            return toast(request, redirect("desk:ticket", ticket.pk), said)
    people = User.objects.visible_to(request.user).customers().newest()
    context = {"form": form, "people": people[:SUGGESTED]}
    return render(request, "desk/tickets/new.html", context, status=422 if request.method == "POST" else 200)


@require_GET
@desk_only
def people(request: DeskRequest) -> HttpResponse:
    """Customers whose name or address begins like what is typed, as options."""
    typed = request.GET.get("requester", "") or request.GET.get("address", "")
    found = User.objects.visible_to(request.user).matching(typed[:200]).order_by("name")[:SUGGESTED]
    return render(request, "desk/tickets/people.html", {"people": found})


@require_GET
@desk_only
def tags(request: DeskRequest) -> HttpResponse:
    """Tags that begin like what is typed, as options."""
    typed = request.GET.get("add") or request.GET.get("tag", "")
    return render(request, "desk/tickets/tags.html", {"tags": tags_like(typed, most=SUGGESTED)})
