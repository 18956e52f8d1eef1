"""Does a Django form come out as the mockups draw it, and say its errors to everyone?"""

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.utils import translation

from sportello.ui.fields import FilesField, LineField, ZoneField, zones
from sportello.ui.keeping import kept


class Asking(forms.Form):
    name = forms.CharField(label="Name", help_text="As on the invoice")
    detail = forms.CharField(label="Detail", required=False, widget=forms.Textarea(attrs={"class": "tall"}))
    agree = forms.BooleanField(label="Agree", help_text="Once is enough")
    impact = forms.ChoiceField(label="Impact", choices=[("all", "All"), ("one", "One")], widget=forms.RadioSelect)
    pictures = FilesField(label="Files", required=False)
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)


def test_a_field_has_label_hint_and_input_that_know_each_other() -> None:
    html = Asking()["name"].as_field_group()
    assert '<label class="field__label" for="id_name">Name</label>' in html
    assert '<p class="field__hint" id="id_name_helptext">As on the invoice</p>' in html
    assert 'aria-describedby="id_name_helptext"' in html
    assert 'class="input"' in html
    assert "aria-invalid" not in html


def test_an_error_stands_at_its_field_and_is_read_with_it() -> None:
    html = Asking({})["name"].as_field_group()
    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert '<p class="field__error" id="id_name_error">' in html


def test_a_class_of_its_own_is_kept_beside_ours() -> None:
    assert 'class="input tall"' in Asking()["detail"].as_field_group()


def test_what_one_may_leave_out_says_so() -> None:
    assert '<span class="field__optional">optional</span>' in Asking()["detail"].as_field_group()
    assert "optional" not in Asking()["name"].as_field_group()


def test_a_check_is_one_label() -> None:
    html = Asking()["agree"].as_field_group()
    assert '<label class="check"><input type="checkbox"' in html
    assert '<small id="id_agree_helptext">Once is enough</small>' in html
    assert 'class="input"' not in html


def test_choices_are_a_group_with_a_legend() -> None:
    html = Asking({})["impact"].as_field_group()
    assert html.startswith('<fieldset class="field" id="id_impact" aria-describedby="id_impact_error">')
    assert '<legend class="field__label">Impact</legend>' in html
    assert html.count('<label class="check"><input type="radio"') == 2


def test_files_can_be_dropped_and_chosen_without_script() -> None:
    html = Asking()["pictures"].as_field_group()
    assert '<div class="dropzone">' in html
    assert 'type="file" name="pictures" multiple' in html
    assert '<span>Drop them here, paste, or</span> <label for="id_pictures">choose files</label>' in html


def test_the_summary_takes_the_focus_and_leads_to_each_field() -> None:
    html = str(Asking({}))
    assert '<div class="form-errors" role="alert" tabindex="-1" autofocus>' in html
    assert '<a href="#id_name">Name: This field is required.</a>' in html
    assert '<a href="#id_impact">' in html


def test_a_form_without_errors_has_no_summary_but_its_hidden_fields() -> None:
    html = str(Asking())
    assert "form-errors" not in html
    assert '<input type="hidden" name="seen"' in html


def test_errors_are_escaped() -> None:
    form = Asking({"name": "x"})
    form.add_error("name", "<script>no</script>")
    assert "<script>" not in str(form)


class Living(forms.Form):
    zone = ZoneField()


def test_a_time_zone_is_offered_once() -> None:
    names = [name for _area, places in zones() for name, _place in places]
    assert {"Africa/Asmara", "Asia/Kolkata", "Europe/Rome"} <= set(names)
    assert not {"Africa/Asmera", "Asia/Calcutta", "Europe/Kiev"} & set(names)
    assert len(names) == len(set(names))


@pytest.mark.parametrize(
    ("language", "area", "rome", "bucharest"),
    [
        ("en", "Europe", "Rome", "Bucharest"),
        ("it", "Europa", "Roma", "Bucarest"),
        ("ro", "Europa", "Roma", "București"),
    ],
)
def test_cities_are_called_as_the_reader_calls_them(language: str, area: str, rome: str, bucharest: str) -> None:
    with translation.override(language):
        cities = dict(dict(zones())[area])
    assert (cities["Europe/Rome"], cities["Europe/Bucharest"]) == (rome, bucharest)


def test_cities_stand_in_the_reader_s_alphabet() -> None:
    with translation.override("ro"):
        names = [city for _zone, city in dict(zones())["Europa"]]
    assert names.index("Atena") < names.index("București") < names.index("Londra") < names.index("Zürich")


def test_a_time_zone_under_its_old_name_is_still_that_zone() -> None:
    assert 'value="Asia/Kolkata" selected' in Living(initial={"zone": "Asia/Calcutta"})["zone"].as_widget()
    form = Living({"zone": "Asia/Calcutta"})
    assert form.is_valid() and form.cleaned_data["zone"] == "Asia/Kolkata"
    assert not Living({"zone": "Asia/Nowhere"}).is_valid()


class Naming(forms.Form):
    name = LineField(max_length=5)


@pytest.mark.parametrize(
    ("typed", "line"), [(" a\r\nb ", "a b"), ("a\u2028b", "a b"), ("\x01", None), ("", None), ("123456", None)]
)
def test_a_line_has_no_line_ends_and_is_not_empty(typed: str, line: str | None) -> None:
    form = Naming({"name": typed})
    assert form.is_valid() is (line is not None)
    assert form.cleaned_data.get("name") == line


@pytest.mark.parametrize(
    ("refusal", "field", "sentence"),
    [
        (ValidationError({"name": "Taken."}), "name", "Taken."),
        (ValidationError({"sealed": "Too long."}), "__all__", "Too long."),
        (ValidationError({"__all__": ["Twice there."]}), "__all__", "Twice there."),
        (ValidationError("Not now."), "__all__", "Not now."),
    ],
)
def test_what_a_verb_refuses_stands_in_the_form(refusal: ValidationError, field: str, sentence: str) -> None:
    def keep() -> str:
        raise refusal

    form = Naming({"name": "Ana"})
    assert kept(form, keep) is None
    assert form.errors == {field: [sentence]}


def test_a_wrong_form_is_not_kept_and_a_right_one_is() -> None:
    assert kept(Naming({"name": ""}), lambda: "kept") is None
    assert kept(Naming(), lambda: "kept") is None
    assert kept(Naming({"name": "Ana"}), lambda: "kept") == "kept"
