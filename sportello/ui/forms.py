"""How does a Django form come out in our look and words? Set as FORM_RENDERER; templates are in `ui/forms/`."""

from typing import Any

from django.core.validators import MaxLengthValidator, MaxValueValidator, MinLengthValidator, MinValueValidator
from django.forms import CheckboxInput, CheckboxSelectMultiple, FileInput, RadioSelect, Widget
from django.forms.boundfield import BoundField
from django.forms.renderers import DjangoTemplates
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

BARE = (CheckboxInput, RadioSelect, CheckboxSelectMultiple, FileInput)
# what a field says of a limit, where whoever set the limit has no words of their own
LIMITS = {
    MinValueValidator: _("Write %(limit_value)s or more."),
    MaxValueValidator: _("Write %(limit_value)s or less."),
    MinLengthValidator: ngettext_lazy(
        "Write at least %(limit_value)d character; so far there are %(show_value)d.",
        "Write at least %(limit_value)d characters; so far there are %(show_value)d.",
        "limit_value",
    ),
    MaxLengthValidator: ngettext_lazy(
        "Write at most %(limit_value)d character; now there are %(show_value)d.",
        "Write at most %(limit_value)d characters; now there are %(show_value)d.",
        "limit_value",
    ),
}


def say_limits_in_our_words() -> None:
    for limit, words in LIMITS.items():
        limit.message = words


class Field(BoundField):
    """A field that brings its class and says what its template should draw."""

    def build_widget_attrs(self, attrs: dict[str, Any], widget: Widget | None = None) -> dict[str, Any]:
        built: dict[str, Any] = super().build_widget_attrs(attrs, widget)
        target = widget or self.field.widget
        if not target.is_hidden and not isinstance(target, BARE):
            built["class"] = f"input {target.attrs.get('class', '')}".strip()
        if isinstance(target, FileInput):
            built["class"] = "visually-hidden"
        return built

    @property
    def shape(self) -> str:
        """Which of the field templates fits: check, choices, files or plain."""
        widget = self.field.widget
        if isinstance(widget, CheckboxInput):
            return "check"
        if isinstance(widget, (RadioSelect, CheckboxSelectMultiple)):
            return "choices"
        return "files" if isinstance(widget, FileInput) else "plain"


class FormRenderer(DjangoTemplates):
    form_template_name = "ui/forms/form.html"
    field_template_name = "ui/forms/field.html"
    bound_field_class = Field
