"""What do we ask of a customer? Only what is needed, and never what is known."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from sportello.people.models import Team
from sportello.portal.guard import dated_token
from sportello.tickets.copies import is_ours
from sportello.tickets.files import FilesRefused, NewFile, from_uploads
from sportello.tickets.words import Priority
from sportello.ui.fields import AddressField, FilesField

MOST_WORDS = 100_000
PRIORITY_OF = {"many": Priority.HIGH, "part": Priority.NORMAL, "no": Priority.LOW}


class SentOnceForm(forms.Form):
    """Words and files, with a token by which a second sending is known."""

    body = forms.CharField(max_length=MOST_WORDS, widget=forms.Textarea(attrs={"rows": 5}))
    attachments = FilesField(label=_("Pictures or files"), required=False)
    token = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["token"] = self.initial.get("token") or dated_token()

    def clean_body(self) -> str:
        return str(self.cleaned_data["body"]).replace("\r\n", "\n")

    def clean_attachments(self) -> list[NewFile]:
        try:
            return from_uploads(self.cleaned_data["attachments"])
        except FilesRefused as error:
            raise forms.ValidationError(str(error), code="too_large") from error

    def refuse_files(self) -> None:
        """They were let go while they came in."""
        limit = settings.UPLOAD_LIMIT_BYTES // (1024 * 1024)
        text = _("The files are larger than %(limit)s MB in total. Choose fewer or smaller ones; your text is kept.")
        self.add_error("attachments", forms.ValidationError(text, code="too_large", params={"limit": limit}))

    @property
    def refusal_status(self) -> int:
        """The HTTP status that fits its errors."""
        return 413 if self.has_error("attachments", "too_large") else 400


class AnswerForm(SentOnceForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["body"].label = _("Add something")
        self.fields["body"].widget.attrs |= {
            "rows": 3,
            "placeholder": _("A detail, a photo, or good news"),
        }
        self.fields["body"].error_messages["required"] = _("Write a few words about them.")


class SolutionForm(AnswerForm):
    """Words are welcome, not needed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["body"].required = False


class RequestForm(SentOnceForm):
    """For somebody who is signed in."""

    subject = forms.CharField(
        label=_("What is it about, in one line?"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Say it in a few words.")},
    )
    topic = forms.ModelChoiceField(
        label=_("Topic"),
        queryset=Team.objects.offered(),
        empty_label=_("Choose one"),
        error_messages={"required": _("Choose the one that fits best.")},
    )
    impact = forms.ChoiceField(choices=[(name, "") for name in PRIORITY_OF], required=False)
    field_order = ["name", "address", "subject", "topic", "impact", "body", "attachments"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["body"].label = _("What happened, and what did you try?")
        self.fields["body"].error_messages["required"] = _("Tell us what happened.")

    @property
    def priority(self) -> Priority:
        return PRIORITY_OF.get(self.cleaned_data["impact"], Priority.NORMAL)


class GuestRequestForm(RequestForm):
    """For somebody we do not know, or not yet."""

    name = forms.CharField(label=_("Your name"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    address = AddressField(
        label=_("Your e-mail"),
        help_text=_("We answer there, and nowhere else."),
        error_messages={"required": _("Enter an address that we can reply to.")},
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    website = forms.CharField(required=False, widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}))

    def clean_address(self) -> str:
        address: str = self.cleaned_data["address"]
        if is_ours(address):
            raise forms.ValidationError(_("That is our own address. Enter yours."))
        return address


class LookupForm(forms.Form):
    number = forms.RegexField(
        r"^\s*#?\d{1,12}\s*$",
        label=_("Number of your request"),
        error_messages={"invalid": _("Write the number in digits, such as 1042.")},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    address = AddressField(
        label=_("Your e-mail"),
        help_text=_("The one from which you wrote to us."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )

    def clean_number(self) -> int:
        return int(self.cleaned_data["number"].strip().removeprefix("#"))
