"""Bulletins: what becomes of an administrator's text for one recipient."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postroom.core import bulletin
from postroom.core.errors import BadValueError
from postroom.core.letters.frame import Envelope

UMA = {"account": "uma@acme.example", "domain": "acme.example", "name": "Üma <b>", "title": "Clerk"}
AT = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


def made(text, **variables):
    mail = bulletin.rendered(text, UMA | variables, "uma@acme.example")
    envelope = Envelope(recipient="uma@acme.example", sender="P <p@x.example>", message_id="<1@x.example>", at=AT)
    return bulletin.complete(mail, envelope)


def text_of(mail):
    return mail.get_body(("plain", "html")).get_content().replace("\r\n", "\n").strip()


def test_variables_are_replaced():
    mail = made("Subject: For {'name'}\n\n{'account'}, {'domain'}, {'name'}, {'title'}")
    assert mail["Subject"] == "For Üma <b>"
    assert text_of(mail) == "uma@acme.example, acme.example, Üma <b>, Clerk"


@pytest.mark.parametrize("other", ["{name}", "{'Name'}", "{'password'}", "{ 'name' }", '{"name"}'])
def test_nothing_else_is_replaced(other):
    assert text_of(made(f"Subject: x\n\n{other}")) == other


def test_in_html_values_are_escaped():
    html = "Subject: x\nContent-Type: text/html; charset=utf-8\n\n<p>{'name'}</p>"
    assert text_of(made(html)) == "<p>Üma &lt;b&gt;</p>"


def test_encoded_parts_are_filled_in_too():
    text = (
        "Subject: x\nMIME-Version: 1.0\nContent-Type: multipart/alternative; boundary=b\n\n"
        "--b\nContent-Type: text/plain; charset=iso-8859-1\nContent-Transfer-Encoding: quoted-printable\n\n"
        "Gr=FC=DFe, {'name'}\n--b\nContent-Type: text/html\n\n<i>{'title'}</i>\n--b--\n"
    )
    mail = made(text)
    assert mail.get_body(("plain",)).get_content().strip() == "Grüße, Üma <b>"
    assert mail.get_body(("html",)).get_content().strip() == "<i>Clerk</i>"


def test_what_is_missing_is_added():
    mail = made("Hello")
    assert (mail["From"], mail["To"], mail["Message-ID"]) == ("P <p@x.example>", "uma@acme.example", "<1@x.example>")
    assert mail["Date"].datetime == AT
    assert text_of(mail) == "Hello"


def test_what_is_there_stays():
    mail = made("From: Dora <dora@acme.example>\nDate: Mon, 01 Jan 2024 00:00:00 +0000\nX-Own: {'title'}\n\nx")
    assert (mail["From"], mail["X-Own"]) == ("Dora <dora@acme.example>", "Clerk")
    assert mail["Date"].datetime.year == 2024


def test_it_goes_to_the_recipient_only():
    mail = made("To: everybody@acme.example\nCc: a@acme.example\nBcc: spy@evil.example\nSubject: x\n\nx")
    assert mail.get_all("To") == ["uma@acme.example"]
    assert "Cc" not in mail
    assert "Bcc" not in mail


@pytest.mark.parametrize("evil", ["x\nBcc: spy@evil.example", "x\r\n\r\nbody", "x\0y"])
def test_a_name_adds_no_header(evil):
    mail = made("Subject: {'name'}\n\nx", name=evil)
    assert "spy" not in str(mail["To"])
    assert "Bcc" not in mail
    assert text_of(mail) == "x"


def test_what_is_sent_is_ascii_and_survives():
    mail = made("From: Jörg <j@acme.example>\nSubject: Grüße 😀\n\nÄpfel {'name'}")
    raw = mail.as_bytes()
    assert raw.isascii()
    assert mail["Subject"] == "Grüße 😀"
    assert text_of(mail) == "Äpfel Üma <b>"


@pytest.mark.parametrize(
    "text",
    ["Content-Type: multipart/mixed\n\nx", "x" * (bulletin.LARGEST + 1)],
)
def test_what_is_no_mail_is_refused(text):
    with pytest.raises(BadValueError):
        bulletin.check(text)


_HEADER = st.sampled_from(
    ["From", "Subject", "Date", "Content-Type", "Content-Transfer-Encoding", "MIME-Version", "Reply-To", "X", "To", ""]
)
_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=40) | st.sampled_from(
    ["multipart/mixed; boundary=b", "text/html; charset=nonsense", "base64", "quoted-printable", "message/rfc822",
     "message/delivery-status", "<@>", "a@b, c@d", "=?utf-8?q?=FF?=", "text/plain; charset*=x''y", "8bit", "--b\n\nx"]
)  # fmt: skip


@given(headers=st.lists(st.tuples(_HEADER, _TEXT), max_size=4), body=_TEXT, name=_TEXT)
def test_whatever_passes_the_check_can_be_sent(headers, body, name):
    text = "".join(f"{header}: {value}\n" for header, value in headers) + "\n" + body
    try:
        bulletin.check(text)
    except BadValueError:
        return
    assert made(text, name=name, title=name).as_bytes().isascii()
