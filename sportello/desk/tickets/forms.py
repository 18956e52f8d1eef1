"""What is asked when something is said on a ticket, or a ticket is opened for somebody?"""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from sportello.channels.email.addresses import normalise
from sportello.people.models import Team, User
from sportello.people.roles import Right
from sportello.tickets import intake
from sportello.tickets.conversation import MOST_TEXT, Words
from sportello.tickets.files import from_uploads
from sportello.tickets.models import Ticket
from sportello.tickets.words import Channel, Priority, Status
from sportello.ui.fields import FilesField


def addresses_in(text: str) -> list[str]:
    """Addresses split by commas, semicolons or spaces. Raises ValidationError naming the wrong one."""
    found = []
    for part in text.replace(";", ",").replace("\n", ",").replace(" ", ",").split(","):
        if part.strip():
            address = normalise(part.strip())
            if address is None:
                raise forms.ValidationError(_("%(address)s is no mail address.") % {"address": part.strip()[:100]})
            found.append(address)
    return list(dict.fromkeys(found))[:50]


class SayForm(forms.Form):
    """A reply or a note. `seen` is the last message that its writer saw."""

    kind = forms.ChoiceField(choices=[("reply", "reply"), ("note", "note")])
    text = forms.CharField(max_length=MOST_TEXT, error_messages={"required": _("Write something first.")})
    to = forms.CharField(required=False, max_length=2000)
    cc = forms.CharField(required=False, max_length=5000)
    then = forms.ChoiceField(
        required=False,
        choices=[(s.value, s.label) for s in (Status.OPEN, Status.WAITING, Status.ON_HOLD, Status.SOLVED)],
    )
    solution = forms.CharField(required=False, max_length=2000)
    seen = forms.IntegerField(required=False, min_value=0)
    anyway = forms.BooleanField(required=False)
    files = FilesField(required=False)  # type: ignore[assignment]  # the field shadows the uploads, which clean_ reads

    def clean_to(self) -> list[str]:
        return addresses_in(self.cleaned_data["to"])

    def clean_cc(self) -> list[str]:
        return addresses_in(self.cleaned_data["cc"])

    def words(self) -> Words:
        """Raises FilesRefused."""
        data = self.cleaned_data
        recipients = {} if data["kind"] == "note" else {"to": data["to"], "cc": data["cc"]}
        return Words(
            text=data["text"].replace("\r\n", "\n"),
            recipients={name: value for name, value in recipients.items() if value or name == "cc"},
            files=from_uploads(data.get("files") or []),
        )


class NewTicketForm(forms.Form):
    requester = forms.CharField(label=_("Customer's address"), max_length=254)
    name = forms.CharField(label=_("Customer's name"), max_length=200, required=False)
    team = forms.ModelChoiceField(label=_("Team"), queryset=Team.objects.none(), empty_label=None)
    channel = forms.ChoiceField(
        label=_("How it came"), choices=[(c.value, c.label) for c in (Channel.PHONE, Channel.EMAIL, Channel.FORM)]
    )
    priority = forms.TypedChoiceField(
        label=_("Priority"), choices=Priority.choices, coerce=int, initial=Priority.NORMAL.value
    )
    subject = forms.CharField(label=_("Subject"), max_length=250)
    text = forms.CharField(label=_("What is asked"), widget=forms.Textarea(attrs={"rows": 8}), max_length=MOST_TEXT)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        teams = user.teams_with(Right.REPLY)
        mine = Team.objects.active() if teams is None else Team.objects.active().filter(pk__in=teams)
        self.fields["team"].queryset = mine  # type: ignore[attr-defined]  # a ModelChoiceField

    def clean_requester(self) -> str:
        address = normalise(self.cleaned_data["requester"])
        if address is None:
            raise forms.ValidationError(_("That is no mail address. It looks like name@example.com."))
        return address

    def open(self) -> Ticket:
        data = self.cleaned_data
        new = intake.NewTicket(
            subject=data["subject"],
            requester=User.objects.at_address_or_new(data["requester"], data["name"], self.user.language),
            team=data["team"],
            words=Words(text=data["text"]),
            channel=data["channel"],
            priority=data["priority"],
        )
        return intake.open_ticket(new, by=self.user)
