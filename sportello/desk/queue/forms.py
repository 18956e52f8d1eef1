"""What is asked when a view is saved?"""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from sportello.people.models import User
from sportello.tickets import conditions, queues
from sportello.tickets.models import SavedView


class SaveViewForm(forms.ModelForm[SavedView]):
    class Meta:
        model = SavedView
        fields = ["name", "query", "sort", "team"]
        labels = {"query": _("Conditions")}

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.fields["team"].queryset = queues.teams_of(user)  # type: ignore[attr-defined]  # a ModelChoiceField
        self.fields["sort"].required = False
        self.instance.owner = user

    def clean_query(self) -> str:
        query = conditions.parse(self.cleaned_data["query"], self.user)
        if query.problems:
            raise forms.ValidationError(list(query.problems))
        return str(query)

    def clean_sort(self) -> str:
        sort = self.cleaned_data.get("sort", "")
        return sort if sort in queues.SORTS else "urgency"
