"""People as the operator's pages show and change them."""

import time

import pytest

from postroom.actions import person_signin
from postroom.core.errors import BadCredentials
from postroom.store.models import ApiKey, Passkey, Person, RecoveryCode
from tests import cast

PASSWORD = "Zebra-quilt-marmot-42"


def of(email):
    return Person.objects.get(email=email)


def path(email, what=""):
    return f"/operate/people/{of(email).pk}/{what}"


@pytest.mark.parametrize("q", ["vera", "VERA@home", "Lind"])
def test_somebody_is_found(otto, q):
    Person.objects.filter(email=cast.VERA).update(name="Vera Lindqvist")
    assert "1" and cast.VERA in otto.text("/operate/people/", q=q)


def test_nobody_is_found(otto):
    assert "Nobody is called like that." in otto.text("/operate/people/", q="zzz")


def test_the_page_tells_roles_and_factors(otto):
    Person.objects.filter(email=cast.VERA).update(totp="sealed")
    text = otto.text(path(cast.VERA))
    assert f"{cast.ACME} Viewer" in text and "one-time codes" in text


def test_somebody_is_added(otto):
    answer = otto.post("/operate/people/new/", email="New@people.test", name="New One", password=PASSWORD)
    assert otto.told(answer) == ["The person was added."]
    assert person_signin.by_password(cast.origin(), "new@people.test", PASSWORD)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"email": "nobody"}, "E-mail address"),
        ({"email": cast.VERA}, "E-mail address"),
        ({"email": ""}, "E-mail address"),
        ({"email": "x@people.test", "password": "password"}, "Password"),
        ({"email": "x@people.test", "name": "a\x01b"}, "Name"),
    ],
)
def test_what_is_wrong_with_a_new_person_stands_at_its_field(otto, given, words):
    answer = otto.post("/operate/people/new/", **given)
    assert answer.status_code in (409, 422)
    assert f">{words}</a>" in answer.text
    assert not Person.objects.filter(email="x@people.test").exists()


def test_a_password_typed_is_not_shown_again(otto):
    answer = otto.post("/operate/people/new/", email="", password=PASSWORD)
    assert PASSWORD not in answer.text


def test_a_password_is_set(otto):
    answer = otto.post(path(cast.VERA), password=PASSWORD)
    assert otto.told(answer) == ["The password was changed."]
    assert person_signin.by_password(cast.origin(), cast.VERA, PASSWORD)


def test_a_bad_password_is_refused(otto):
    assert otto.post(path(cast.VERA), password="password").status_code == 422
    with pytest.raises(BadCredentials):
        person_signin.by_password(cast.origin(), cast.VERA, "password")


def test_a_holders_password_is_the_mailboxs(otto):
    passed = person_signin.holder_by_password(cast.origin(), cast.UMA, cast.PASSWORD)
    answer = otto.post(f"/operate/people/{passed.person_id}/", password=PASSWORD)
    assert answer.status_code == 409


def test_somebody_becomes_an_operator(otto):
    assert otto.told(otto.post(path(cast.VERA, "promote/"))) == ["The person is an operator now."]
    assert of(cast.VERA).is_operator


def test_and_is_none_again(otto):
    Person.objects.filter(email=cast.VERA).update(is_operator=True)
    otto.post(path(cast.VERA, "demote/"))
    assert not of(cast.VERA).is_operator


def test_asking_changes_nothing(otto):
    assert "Make vera@home.example an operator?" in otto.text(path(cast.VERA, "promote/"))
    assert not of(cast.VERA).is_operator


def test_somebody_is_kept_out_and_let_in_again(otto):
    ApiKey.objects.create(person=of(cast.VERA), name="x", hash="h", created_at=0)
    otto.post(path(cast.VERA, "disable/"))
    assert not of(cast.VERA).is_active
    otto.post(path(cast.VERA, "enable/"))
    assert (of(cast.VERA).is_active, ApiKey.objects.count()) == (True, 0)


def test_second_factors_are_removed(otto):
    vera = of(cast.VERA)
    Person.objects.filter(pk=vera.pk).update(totp="sealed")
    Passkey.objects.create(person=vera, name="Key", credential_id="c", public_key="k", created_at=0)
    RecoveryCode.objects.create(person=vera, hash="h")
    otto.post(path(cast.VERA, "factors/"))
    assert (of(cast.VERA).totp, Passkey.objects.count(), RecoveryCode.objects.count()) == ("", 0, 0)


def test_there_may_be_none_to_remove(otto):
    assert otto.post(path(cast.VERA, "factors/")).status_code == 409


def test_the_link_to_the_provider_is_forgotten(otto):
    Person.objects.filter(email=cast.VERA).update(sub="s-1")
    otto.post(path(cast.VERA, "unlink/"))
    assert of(cast.VERA).sub is None


@pytest.mark.parametrize("what", ["promote/", "factors/", "unlink/", "disable/"])
def test_what_opens_or_closes_needs_a_fresh_sign_in(otto, what):
    session = otto.http.session
    session["person"] = {**session["person"], "at": int(time.time() * 1000) - 16 * 60_000}
    session.save()
    answer = otto.post(path(cast.VERA, what))
    assert (answer.status_code, answer["Location"].startswith("/sign-in/")) == (303, True)
    assert (of(cast.VERA).is_operator, of(cast.VERA).is_active) == (False, True)


def test_operators_do_not_lock_themselves_out(otto):
    from tests.faces.web.operator.conftest import OTTO

    text = otto.text(path(OTTO))
    assert "Keep out" not in text and "Take the rights" not in text
