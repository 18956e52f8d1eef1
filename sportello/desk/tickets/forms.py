"""What is asked when something is said on a ticket?"""

from collections.abc import Callable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from sportello.kernel.addresses import usable_address
from sportello.kernel.files import read
from sportello.people.models import User
from sportello.tickets.conversation import MOST_TEXT, Words
from sportello.tickets.files import NewFile, from_uploads
from sportello.tickets.models import Attachment, Message, Submission, Ticket
from sportello.tickets.models.submission import digest, new_token
from sportello.tickets.reading import files_taken_back
from sportello.tickets.words import LONGEST_SOLUTION, MOST_ADDRESSES, SETTABLE
from sportello.ui.fields import FilesField, RowsField


def addresses_in(text: str) -> list[str]:
    """Addresses split by commas, semicolons or spaces. Raises ValidationError naming the wrong one, or for too many."""
    found = []
    for part in text.replace(";", ",").replace("\n", ",").replace(" ", ",").split(","):
        if part.strip():
            address = usable_address(part.strip())
            if address is None:
                raise forms.ValidationError(_("%(address)s is not a mail address.") % {"address": part.strip()[:100]})
            found.append(address)
    addresses = list(dict.fromkeys(found))
    if len(addresses) > MOST_ADDRESSES:
        raise forms.ValidationError(_("At most %(most)s addresses."), params={"most": MOST_ADDRESSES})
    return addresses


class SayForm(forms.Form):
    """A reply or a note. `seen` is the last message that its writer saw; `again` are files of a taken-back reply.

    `token` is the form's own: the same words under it are said once, however often they are sent.
    """

    kind = forms.ChoiceField(choices=[("reply", "reply"), ("note", "note")])
    text = forms.CharField(max_length=MOST_TEXT, error_messages={"required": _("Write something first.")})
    to = forms.CharField(required=False, max_length=2000)
    cc = forms.CharField(required=False, max_length=5000)
    then = forms.ChoiceField(required=False, choices=[(status.value, status.label) for status in SETTABLE])
    solution = forms.CharField(required=False, max_length=LONGEST_SOLUTION)
    seen = forms.IntegerField(required=False, min_value=0, max_value=10**17)
    token = forms.CharField(required=False, max_length=200)
    anyway = forms.BooleanField(required=False)
    again = RowsField(queryset=Attachment.objects.none(), required=False)
    files = FilesField(required=False)  # type: ignore[assignment]  # the field shadows the uploads, which clean_ reads

    def __init__(self, *args: Any, ticket: Ticket, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ticket, self.user = ticket, user
        files = files_taken_back(ticket, user)
        self.fields["again"].queryset = files  # type: ignore[attr-defined]  # a RowsField

    def clean_to(self) -> list[str]:
        return addresses_in(self.cleaned_data["to"])

    def clean_cc(self) -> list[str]:
        return addresses_in(self.cleaned_data["cc"])

    def words(self) -> Words:
        """Raises FilesRefused."""
        data = self.cleaned_data
        recipients = {} if data["kind"] == "note" else {"to": data["to"], "cc": data["cc"]}
        again = [NewFile(file.name, read(file.blob), file.content_type) for file in data["again"]]
        return Words(
            text=data["text"].replace("\r\n", "\n"),
            recipients={name: value for name, value in recipients.items() if value or name == "cc"},
            files=[*again, *from_uploads(data.get("files") or [])],
        )

    def say_once(self, say: Callable[[Words], Message]) -> Message:
        """What `say` made of it, now or when it was sent before. Raises FilesRefused."""
        words, data = self.words(), self.cleaned_data
        whose = (self.user.pk, self.ticket.pk, data["kind"], data["then"], data["solution"], words.recipients)
        files = [part for file in words.files for part in (file.name, file.content)]
        content = digest([repr(whose), words.text, *files])
        return Submission.once(data["token"] or new_token(), content, lambda: say(words))
