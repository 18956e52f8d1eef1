"""What can be set: the firm, teams, mailboxes, staff and what is known of a customer."""

from collections.abc import Collection, Iterable
from typing import Any, TypeVar

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from sportello.channels.email.mailbox_settings import as_it_would_be, keep_mailbox
from sportello.channels.email.models import Mailbox
from sportello.people.models import Organisation, Team, User
from sportello.people.models.brand import Brand
from sportello.people.models.team import ICONS, LONGEST_FOLLOW_UP_DAYS
from sportello.people.policy import can_place
from sportello.people.roles import TEAM_ROLES, Role
from sportello.people.staffing import ROLES, Post, keep_colleague, take_on
from sportello.people.teams import HUES
from sportello.ui.fields import AddressField, LineField, ZoneField, zones
from sportello.ui.keeping import kept

M = TypeVar("M", bound=Model)
PASSWORD_HINT = _(
    "Empty keeps the one that is stored. With another server, port, security or user it is forgotten: write it anew."
)


class RegionalForm(forms.ModelForm[M]):
    """Language and time zone are chosen; what the row has already stays on offer."""

    language = forms.ChoiceField(label=_("Language"))
    time_zone = ZoneField()

    def __init__(self, *args: Any, instance: M, **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "instance": instance})
        self._offer("language", settings.LANGUAGES, dict(settings.LANGUAGES), vars(instance)["language"])
        cities = {name for _area, some in zones() for name, _city in some}
        self._offer("time_zone", zones(), cities, vars(instance)["time_zone"])

    def _offer(self, name: str, choices: Iterable[Any], known: Collection[str], present: str) -> None:
        extra = [] if present in known else [(present, present)]
        self.fields[name].choices = [*extra, *choices]  # type: ignore[attr-defined]  # a ChoiceField


class FirmForm(RegionalForm[Brand]):
    class Meta:
        model = Brand
        fields = ["name", "tagline", "footer", "language", "time_zone"]


class TeamForm(forms.ModelForm[Team]):
    """Colour and icon are chosen by their look; the template draws it."""

    hue = forms.TypedChoiceField(
        label=_("Colour"),
        choices=[(hue, _("Colour %(n)s") % {"n": hue}) for hue in HUES],
        coerce=int,
        initial=HUES[0],
        widget=forms.RadioSelect,
    )
    topic_icon = forms.ChoiceField(
        label=_("Picture beside the topic"), choices=list(ICONS.items()), initial="chat", widget=forms.RadioSelect
    )
    follow_up_days = Team._meta.get_field("follow_up_days").formfield(max_value=LONGEST_FOLLOW_UP_DAYS)

    class Meta:
        model = Team
        fields = ["name", "hue", "follow_up_days", "signature", "is_offered", "topic_hint", "topic_icon", "is_active"]
        labels = {"is_active": _("In use")}
        widgets = {"signature": forms.Textarea(attrs={"rows": 3})}


class MailboxForm(forms.ModelForm[Mailbox]):
    """Passwords are written, never shown: an empty field keeps the old one, for the server that it was given for."""

    has_forgotten = False  # a password, once it is saved
    address = AddressField(label=_("Address"))
    smtp_password = forms.CharField(
        label=_("SMTP password"),
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        max_length=500,
    )
    imap_password = forms.CharField(
        label=_("IMAP password"),
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        max_length=500,
    )

    class Meta:
        model = Mailbox
        fields = [
            "address", "name", "team", "is_active",
            "imap_host", "imap_port", "imap_security", "imap_user", "imap_password", "imap_folder",
            "smtp_host", "smtp_port", "smtp_security", "smtp_user", "smtp_password",
        ]  # fmt: skip
        labels = {"name": _("Name shown"), "team": _("New tickets go to")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        team: Any = self.fields["team"]
        teams = list(Team.objects.active()[:2])
        if len(teams) == 1 and self.instance.pk is None:
            self.initial.setdefault("team", teams[0].pk)
            team.empty_label = None
        else:
            team.empty_label = _("Choose a team")
        for name in ("imap", "smtp"):
            if getattr(self.instance, f"{name}_sealed"):
                self.fields[f"{name}_password"].help_text = PASSWORD_HINT

    def for_trial(self) -> "MailboxForm":
        """Asks only for what the servers are told; a page that shows it says what a mailbox needs."""
        spared = [self.fields[name] for name in ("address", "name", "team")]
        for field in spared:
            field.required = False
        self.full_clean()
        for field in spared:
            field.required = True
        return self

    def save(self, commit: bool = True) -> Mailbox:  # noqa: FBT001, FBT002  Django's signature
        had = self._sealed()
        kept = keep_mailbox(self.instance, **self.cleaned_data)
        self.has_forgotten = any(before and not now for before, now in zip(had, self._sealed(), strict=True))
        return kept

    def _sealed(self) -> list[str]:
        return [self.instance.smtp_sealed, self.instance.imap_sealed]

    def as_typed(self) -> Mailbox:
        """The mailbox that it would keep, to be tried before."""
        return as_it_would_be(self.instance, **self.cleaned_data)


class StaffForm(forms.Form):
    name = LineField(label=_("Name"), max_length=200)
    address = AddressField(label=_("Address"))
    role = forms.ChoiceField(label=_("Role"), choices=[(r.value, r.label) for r in ROLES], initial=Role.AGENT.value)
    is_active = forms.BooleanField(label=_("May sign in"), required=False, initial=True)

    def __init__(self, *args: Any, person: User | None, appoints: bool, **kwargs: Any) -> None:
        """Without `appoints` what they are is shown, and stays as it is whatever is sent."""
        self.person = person
        if person:
            kwargs["initial"] = {
                "name": person.name, "address": person.address, "role": person.role, "is_active": person.is_active,
            }  # fmt: skip
        super().__init__(*args, **kwargs)
        roles = person.team_roles if person else {}
        choices = [("", _("not a member")), *((r.value, r.label) for r in TEAM_ROLES)]
        for team in Team.objects.active():
            self.fields[f"team_{team.pk}"] = forms.ChoiceField(
                label=_("Role in the team %(team)s") % {"team": team.name},
                choices=choices,
                required=False,
                initial=roles.get(team.pk, ""),
            )
        for name in set() if appoints else self.fields.keys() - {"name", "address"}:
            self.fields[name].disabled = True
        if not appoints:
            self.fields["role"].help_text = _("Nobody sets their own role and teams: another administrator does.")

    def keep(self) -> User | None:
        """Nobody where the form says what is wrong."""
        return kept(self, lambda: keep_colleague(self.person, self._post()) if self.person else take_on(self._post()))

    def _post(self) -> Post:
        data = self.cleaned_data
        teams = {team.pk: data[f"team_{team.pk}"] for team in Team.objects.active()}
        return Post(data["name"], data["address"], data["role"], is_active=data["is_active"], teams=teams)


class CustomerForm(RegionalForm[User]):
    class Meta:
        model = User
        fields = ["name", "organisation", "language", "time_zone", "note"]
        widgets = {"note": forms.Textarea(attrs={"rows": 4})}

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by = by
        self.fields["organisation"].queryset = Organisation.objects.all()  # type: ignore[attr-defined]  # a field of choices

    def clean_organisation(self) -> Organisation | None:
        organisation: Organisation | None = self.cleaned_data["organisation"]
        if not can_place(self.by, self.instance, organisation):
            raise ValidationError(
                _("Its people read each other's requests. Ask an administrator to put somebody there.")
            )
        return organisation
