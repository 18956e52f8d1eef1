"""What can be set: the firm, teams, mailboxes, staff and what is known of a customer."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from sportello.channels.email.models import Mailbox
from sportello.people.models import Organisation, Team, User
from sportello.people.models.brand import Brand
from sportello.people.models.team import join_team, leave_team
from sportello.people.roles import STAFF, TEAM_ROLES, Role
from sportello.ui.fields import AddressField


class FirmForm(forms.ModelForm[Brand]):
    class Meta:
        model = Brand
        fields = ["name", "tagline", "footer", "language", "time_zone"]


class TeamForm(forms.ModelForm[Team]):
    class Meta:
        model = Team
        fields = ["name", "hue", "follow_up_days", "signature", "is_offered", "topic_hint", "topic_icon", "is_active"]
        labels = {"hue": _("Colour, 1 to 8"), "is_active": _("In use")}
        widgets = {"signature": forms.Textarea(attrs={"rows": 3})}


class MailboxForm(forms.ModelForm[Mailbox]):
    """Passwords are written, never shown: an empty field keeps the old one."""

    address = AddressField(label=_("Address"))
    smtp_password = forms.CharField(
        label=_("SMTP password"), required=False, widget=forms.PasswordInput, max_length=500
    )
    imap_password = forms.CharField(
        label=_("IMAP password"), required=False, widget=forms.PasswordInput, max_length=500
    )

    class Meta:
        model = Mailbox
        fields = [
            "address", "name", "team", "is_active",
            "smtp_host", "smtp_port", "smtp_security", "smtp_user", "smtp_password",
            "imap_host", "imap_port", "imap_security", "imap_user", "imap_password", "imap_folder",
        ]  # fmt: skip

    def save(self, commit: bool = True) -> Mailbox:  # noqa: FBT001, FBT002  Django's signature
        box: Mailbox = super().save(commit=False)
        box.keep_passwords(smtp=self.cleaned_data["smtp_password"], imap=self.cleaned_data["imap_password"])
        if commit:
            fields = [f for f in self.Meta.fields if not f.endswith("_password")] + ["smtp_sealed", "imap_sealed"]
            box.save(**({"update_fields": fields} if box.pk else {"force_insert": True}))
        return box


class StaffForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=200)
    address = AddressField(label=_("Address"))
    role = forms.ChoiceField(label=_("Role"), choices=[(r.value, r.label) for r in (*STAFF, Role.CUSTOMER)])
    is_active = forms.BooleanField(label=_("May sign in"), required=False, initial=True)

    def __init__(self, *args: Any, person: User | None, **kwargs: Any) -> None:
        self.person = person
        if person:
            kwargs["initial"] = {
                "name": person.name, "address": person.address, "role": person.role, "is_active": person.is_active,
            }  # fmt: skip
        super().__init__(*args, **kwargs)
        roles = person.team_roles if person else {}
        choices = [("", _("not in it")), *((r.value, r.label) for r in TEAM_ROLES)]
        for team in Team.objects.active():
            self.fields[f"team_{team.pk}"] = forms.ChoiceField(
                label=team.name, choices=choices, required=False, initial=roles.get(team.pk, "")
            )

    def clean_address(self) -> str:
        address: str = self.cleaned_data["address"]
        owner = User.objects.at_address(address)
        if owner and (self.person is None or owner.pk != self.person.pk):
            raise forms.ValidationError(_("That address is somebody's already."))
        return address

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        person = self.person
        loses = (
            person and person.is_administrator and (data.get("role") != Role.ADMINISTRATOR or not data.get("is_active"))
        )
        if loses and not User.objects.administrators().but(person).exists():
            raise forms.ValidationError(_("This is the last administrator. Name another one first."))
        return data

    def keep(self) -> User:
        data = self.cleaned_data
        person = self.person or User.objects.create_user(data["address"], data["name"])
        person.name, person.role, person.is_active = data["name"], data["role"], data["is_active"]
        person.save(update_fields=["name", "role", "is_active"])
        if data["address"] != person.address:
            address = person.addresses.at(data["address"]).first()
            person.make_primary(address or person.add_address(data["address"]))
        for team in Team.objects.active():
            role = data.get(f"team_{team.pk}")
            if role:
                join_team(person, team, role)
            else:
                leave_team(person, team)
        return person


class CustomerForm(forms.ModelForm[User]):
    class Meta:
        model = User
        fields = ["name", "organisation", "language", "time_zone", "note"]
        widgets = {"note": forms.Textarea(attrs={"rows": 4})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = Organisation.objects.all()  # type: ignore[attr-defined]  # a field of choices
