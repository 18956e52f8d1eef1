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


class SaveViewForm(forms.ModelForm[SavedView]):
    class Meta:
        model = SavedView
        fields = ["name", "query", "sort", "team"]
        labels = {"query": _("Conditions")}

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.fields["team"].queryset = queues.teams_of(user, SHARING)  # type: ignore[attr-defined]  # a ModelChoiceField
        self.fields["sort"].required = False
        self.instance.owner = user

    def clean_query(self) -> str:
        try:
            return checked_query(self.cleaned_data["query"], self.user)
        except forms.ValidationError as refusal:
            raise forms.ValidationError(refusal.messages) from refusal

    def clean_sort(self) -> str:
        sort = self.cleaned_data.get("sort", "")
        return sort if sort in ORDERS else "urgency"

    def save(self, commit: bool = True) -> SavedView:  # noqa: FBT001, FBT002  Django's signature
        return keep_view(self.instance, by=self.user, **self.cleaned_data)
