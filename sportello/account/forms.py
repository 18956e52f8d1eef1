"""What do we ask of a person about themself?"""

from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from sportello.people.first_run import Founding, is_setup_code
from sportello.people.models import User
from sportello.people.passwords import LONGEST_PASSWORD
from sportello.ui.context import languages
from sportello.ui.fields import AddressField, LineField, ZoneField

PASSWORD_HINT = _("Ten characters or more; spaces are welcome.")
WEAK_PASSWORD = _(
    "This is too easy to guess. Take ten characters or more, not only digits, and nothing that many people use."
)


def language_choices() -> list[tuple[str, str]]:
    return [(language.code, language.name) for language in languages()]


class PasswordField(forms.CharField):
    """Spaces count, and nothing is cut."""

    def __init__(self, *, label: Any, autocomplete: str, **kwargs: Any) -> None:
        widget = forms.PasswordInput(attrs={"autocomplete": autocomplete})
        super().__init__(label=label, widget=widget, strip=False, max_length=LONGEST_PASSWORD, **kwargs)


def good_password(password: str, user: User | None = None) -> str:
    """Raises ValidationError, with one sentence for all that is wrong."""
    try:
        validate_password(password, user)
    except forms.ValidationError as weak:
        raise forms.ValidationError(WEAK_PASSWORD, code="weak") from weak
    return password


class SignInForm(forms.Form):
    address = AddressField(label=_("E-mail"), widget=forms.EmailInput(attrs={"autocomplete": "username"}))
    password = PasswordField(label=_("Password"), autocomplete="current-password")
    stay = forms.BooleanField(label=_("Stay signed in on this computer"), required=False)

    def refuse(self, why: str) -> None:
        """The password is what is typed anew."""
        self.add_error("password", why)
        self.fields["password"].widget.attrs["autofocus"] = True


class AddressForm(forms.Form):
    address = AddressField(label=_("E-mail"), widget=forms.EmailInput(attrs={"autocomplete": "email"}))


class NewPasswordForm(forms.Form):
    password = PasswordField(label=_("New password"), autocomplete="new-password", help_text=PASSWORD_HINT)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_password(self) -> str:
        return good_password(self.cleaned_data["password"], self.user)


class ChangePasswordForm(NewPasswordForm):
    """Whoever has a password shows that they know it. `pause` says why no password is looked at now."""

    current = PasswordField(label=_("Current password"), autocomplete="current-password")
    field_order = ["current", "password"]

    def __init__(self, *args: Any, user: User, pause: str = "", **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        self.pause = pause
        if not user.has_usable_password():
            del self.fields["current"]

    def clean_current(self) -> str:
        current: str = self.cleaned_data["current"]
        if self.pause:
            raise forms.ValidationError(self.pause)
        if not self.user.check_password(current):
            raise forms.ValidationError(_("This is not your current password."))
        return current


class ProfileForm(forms.ModelForm[User]):
    language = forms.ChoiceField(label=_("Language"), choices=language_choices)
    time_zone = ZoneField()
    theme = forms.ChoiceField(
        label=_("Colours"),
        choices=[("system", _("Same as this device")), ("light", _("Light")), ("dark", _("Dark"))],
    )

    class Meta:
        model = User
        fields = ["name", "language", "time_zone"]
        widgets = {"name": forms.TextInput(attrs={"autocomplete": "name"})}

    LOOK: ClassVar[tuple[str, ...]] = ("theme",)

    def __init__(self, data: Any, *, instance: User) -> None:
        super().__init__(data, instance=instance, initial=instance.look)

    def store(self) -> None:
        """The choices about the look go together into one column."""
        self.instance.look = {**self.instance.look, **{name: self.cleaned_data[name] for name in self.LOOK}}
        self.instance.save(update_fields=["language", "time_zone", "look"])
        self.instance.rename(self.cleaned_data["name"])


class StaffProfileForm(ProfileForm):
    density = forms.ChoiceField(
        label=_("Density"),
        choices=[("comfortable", _("Comfortable")), ("compact", _("Compact"))],
    )
    letters = forms.ChoiceField(label=_("Single-key shortcuts"), choices=[("on", _("On")), ("off", _("Off"))])

    class Meta(ProfileForm.Meta):
        help_texts = {"name": _("Customers see your first name, colleagues your full name.")}

    LOOK: ClassVar[tuple[str, ...]] = ("theme", "density", "letters")


class LookForm(forms.Form):
    """One choice at a time, as a key or a menu makes it."""

    theme = forms.ChoiceField(choices=[("light", ""), ("dark", "")], required=False)
    density = forms.ChoiceField(choices=[("comfortable", ""), ("compact", "")], required=False)
    letters = forms.ChoiceField(choices=[("on", ""), ("off", "")], required=False)


class LanguageForm(forms.Form):
    language = forms.ChoiceField(choices=settings.LANGUAGES)
    next = forms.CharField(required=False)


class SetupForm(forms.Form):
    """`pause` says why no code is looked at now."""

    code = forms.CharField(
        label=_("Set-up code"),
        max_length=100,
        help_text=_("It was printed where Sportello was started."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )
    firm = LineField(
        label=_("Your firm"),
        max_length=100,
        help_text=_("The name that customers see."),
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    team = LineField(label=_("First team"), max_length=100, help_text=_("Requests arrive at a team. Add others later."))
    name = LineField(label=_("Your name"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    address = AddressField(label=_("Your e-mail"), widget=forms.EmailInput(attrs={"autocomplete": "email"}))
    password = PasswordField(label=_("Password"), autocomplete="new-password", help_text=PASSWORD_HINT)
    language = forms.ChoiceField(label=_("Language"), choices=language_choices)
    time_zone = ZoneField()

    def __init__(self, *args: Any, pause: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.pause = pause

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        if self.pause:
            raise forms.ValidationError(self.pause)
        if not is_setup_code(code):
            raise forms.ValidationError(_("That is not the code. It was printed where Sportello was started."))
        return code

    def clean_password(self) -> str:
        return good_password(self.cleaned_data["password"])

    def founding(self) -> Founding:
        return Founding(**{name: value for name, value in self.cleaned_data.items() if name != "code"})
