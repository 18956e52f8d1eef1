"""What is asked when a view is saved?"""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from sportello.people.models import User
from sportello.tickets import queues
from sportello.tickets.models import SavedView
from sportello.tickets.paging import ORDERS
from sportello.tickets.policy import SHARING
from sportello.tickets.saved_views import checked_query, keep_view
from sportello.tickets.words import Sort


class SortField(forms.ChoiceField):
    """What is not said, or is no order, is by urgency."""

    def clean(self, value: Any) -> str:
        return str(value) if value in ORDERS else Sort.URGENCY.value


class SaveViewForm(forms.ModelForm[SavedView]):
    sort = SortField(label=_("Sort"), choices=Sort.choices, initial=Sort.URGENCY.value)

    class Meta:
        model = SavedView
        fields = ["name", "query", "sort", "team"]
        labels = {"query": _("Conditions"), "team": _("Shared with")}
        help_texts = {"team": _("Everybody in that team sees it in the sidebar.")}

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        team: Any = self.fields["team"]
        team.queryset = queues.teams_of(user, SHARING)
        team.empty_label = _("Nobody, it stays yours")
        if self.instance.pk is None:
            self.instance.owner = user

    def clean_query(self) -> str:
        try:
            return checked_query(self.cleaned_data["query"], self.user)
        except forms.ValidationError as refusal:
            raise forms.ValidationError(refusal.messages) from refusal

    def save(self, commit: bool = True) -> SavedView:  # noqa: FBT001, FBT002  Django's signature
        return keep_view(self.instance, by=self.user, **self.cleaned_data)
