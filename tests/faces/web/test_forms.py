"""What the core refuses, told at the field that it is about."""

import pytest
from django import forms as django_forms
from django.template.loader import render_to_string

from postroom.core import errors
from postroom.faces.web.forms import Form


class Thing(Form):
    focus_first = True
    local_part = django_forms.CharField(label="Address", help_text="Before the @")
    note = django_forms.CharField(label="Note", required=False)


def refused(error, **fields):
    form = Thing({"local_part": "joe"})
    assert form.is_valid()
    with form.catching(fields):
        raise error
    return form


def test_a_hint_is_told_at_its_field():
    form = refused(errors.BadRequest(hints={"local_part": "must have something before the @"}))
    assert form.errors == {"local_part": ["Must have something before the @."]}


def test_a_hint_of_another_name_finds_its_field():
    form = refused(errors.BadRequest(hints={"name": "is required"}), name="local_part")
    assert form.errors == {"local_part": ["Is required."]}


def test_a_hint_of_no_field_is_told_at_the_top():
    form = refused(errors.BadRequest(hints={"credentials": "is required"}))
    assert form.non_field_errors() == ["Is required."]


def test_an_error_without_hints_is_told_at_the_top():
    assert "the domain is pending" in refused(errors.WrongState("Sorry, the domain is pending")).non_field_errors()[0]


def test_such_an_error_can_be_sent_to_a_field():
    form = refused(errors.BadCredentials(), **{"": "local_part"})
    assert "This does not open anything." in form.errors["local_part"][0]


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (errors.BadRequest(), 422),
        (errors.NameTaken(), 409),
        (errors.TooManyRequests(5), 429),
        (errors.PlatformAway(), 503),
    ],
)
def test_the_page_has_the_errors_status(error, status):
    assert refused(error).status == status


def test_a_form_in_order_is_200():
    assert Thing().status == 200


def test_a_bad_form_is_422():
    assert Thing({}).status == 422


@pytest.mark.parametrize(
    "error", [errors.OutOfReach(), errors.NotFound(), errors.FreshSignInNeeded()], ids=lambda one: type(one).__name__
)
def test_what_no_input_could_mend_goes_on(error):
    with pytest.raises(type(error)):
        refused(error)


def test_a_fault_of_ours_goes_on():
    with pytest.raises(ZeroDivisionError):
        refused(ZeroDivisionError())


def drawn(form):
    return render_to_string("web/form_fields.html", {"form": form})


def test_the_message_is_tied_to_the_field():
    text = drawn(Thing({}))
    assert 'id="id_local_part_error"' in text and 'id="id_local_part_helptext"' in text
    assert 'aria-describedby="id_local_part_helptext id_local_part_error"' in text and 'aria-invalid="true"' in text


def test_the_summary_takes_the_focus_and_leads_to_the_field():
    text = drawn(Thing({}))
    assert "data-focus" in text and '<a href="#id_local_part">Address</a>' in text


def test_the_cursor_is_in_the_first_field_of_a_fresh_form_only():
    assert "autofocus" in drawn(Thing()) and "autofocus" not in drawn(Thing({}))


def test_what_may_be_left_out_says_so():
    assert drawn(Thing()).count("(optional)") == 1
