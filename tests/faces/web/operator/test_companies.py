"""Companies, their administrators, brands and bulletins, by their pages."""

import pytest

from postroom.actions import brands, bulletins, companies, workgroups
from postroom.actions.bulletins import Named
from postroom.core.roles import OPERATOR
from postroom.store.models import Brand, Bulletin, BulletinPosting, Company, Job, OutgoingMail
from tests import cast
from tests.faces.web import form_reader

LETTER = "Subject: News\r\n\r\nDear {'name'}\r\n"


class TestCompany:
    def test_one_is_created(self, otto):
        answer = otto.post("/operate/new-company/", company=" Town ", trusted="on")
        assert (answer["Location"], companies.line(OPERATOR, "town").trusted) == ("/operate/companies/town/", True)

    @pytest.mark.parametrize("name", ["", "acme", "a/b", "x" * 161])
    def test_a_bad_name_is_told_at_its_field(self, otto, name):
        answer = otto.post("/operate/new-company/", company=name)
        assert answer.status_code in (409, 422)
        assert 'aria-invalid="true"' in answer.text

    def test_its_domains_are_listed(self, otto):
        assert "acme.example 4 0 0" in otto.text("/operate/companies/acme/")

    def test_its_domains_are_found(self, otto):
        assert "No domain of the company is called like that." in otto.text("/operate/companies/acme/", q="zzz")

    def test_the_operator_trusts_it_no_more(self, otto):
        otto.post("/operate/companies/acme/trust/", catchall_allowed="on")
        row = Company.objects.get(name="acme")
        assert (row.trusted, row.catchall_allowed) == (False, True)

    def test_its_settings_are_changed(self, alice):
        page = alice.get("/operate/companies/acme/settings/").text
        answer = alice.http.post(
            "/operate/companies/acme/settings/",
            form_reader.sent(page, {"notes_external": "Pays on time."}, group="general"),
        )
        assert alice.told(answer) == ["The settings were saved."]
        assert Company.objects.get(name="acme").settings["notes_external"] == "Pays on time."

    def test_what_happened_to_it_is_told(self, alice):
        companies.change(OPERATOR, cast.origin(), "acme", {"notes_external": "Pays on time."})
        assert "Pays on time." in alice.text("/operate/companies/acme/history/")


class TestAdministrators:
    path = "/operate/companies/acme/administrators/"

    def test_they_are_listed(self, alice):
        assert "dora@acme.example Domain acme.example" in alice.text(self.path)

    def test_a_role_is_given(self, alice):
        answer = alice.post(self.path, address="UMA@acme.example", role="mail", object="acme.example")
        assert alice.told(answer) == ["uma@acme.example has the role now."]
        assert cast.role_of(cast.UMA) == ["mail"]

    def test_a_role_on_the_company_needs_no_object(self, otto):
        otto.post(self.path, address=cast.UMA, role="company")
        assert cast.role_of(cast.UMA) == ["company"]

    @pytest.mark.parametrize(
        "given",
        [
            {"address": "nobody@acme.example", "role": "mail", "object": "acme.example"},
            {"address": cast.UMA, "role": "mail", "object": ""},
            {"address": cast.UMA, "role": "workgroup", "object": "acme.example/nowhere"},
            {"address": cast.UMA, "role": "owner", "object": "acme.example"},
            {"address": "", "role": "mail", "object": "acme.example"},
        ],
    )
    def test_what_makes_no_sense_changes_nothing(self, alice, given):
        assert alice.post(self.path, **given).status_code in (403, 404, 409, 422)
        assert cast.role_of(cast.UMA) == []

    def test_nobody_is_offered_what_is_not_theirs_to_give(self, alice):
        assert 'value="company"' not in alice.get(self.path).text

    def test_a_role_is_taken_away(self, alice):
        query = f"?address={cast.DORA}&role=domain&on={cast.ACME}"
        assert alice.told(alice.post(f"{self.path}remove/{query}")) == ["The role was taken away."]
        assert cast.role_of(cast.DORA) == []


class TestBrands:
    path = "/operate/companies/acme/brands/"

    @pytest.fixture
    def blue(self, people):
        brands.create(OPERATOR, cast.origin(), "acme", "Blue/Sky 1", {"title": "Blue Mail", "colour": "#0055aa"})

    def test_one_is_created(self, alice):
        alice.post(f"{self.path}new/", brand="Red", title="Red Mail", colour="#AA0000")
        assert Brand.objects.get().look == {"title": "Red Mail", "colour": "#aa0000"}

    @pytest.mark.parametrize(("field", "value"), [("colour", "blue"), ("logo_url", "http://x"), ("reply_to", "nobody")])
    def test_what_is_wrong_stands_at_its_field(self, alice, field, value):
        answer = alice.post(f"{self.path}new/", brand="Red", **{field: value})
        assert (answer.status_code, f'id="id_{field}_error"' in answer.text, Brand.objects.count()) == (422, True, 0)

    def test_a_name_that_is_taken(self, alice, blue):
        answer = alice.post(f"{self.path}new/", brand="BLUE/sky 1")
        assert (answer.status_code, 'id="id_brand_error"' in answer.text) == (409, True)

    def test_it_is_changed(self, alice, blue):
        page = alice.get(f"{self.path}show/", name="Blue/Sky 1").text
        given = form_reader.sent(page, {"title": "Sky Mail"}, colour="#0055aa")
        alice.http.post(f"{self.path}show/?name=Blue%2FSky+1", given)
        assert Brand.objects.get().look == {"title": "Sky Mail", "colour": "#0055aa"}

    def test_the_letter_is_previewed_in_its_dress(self, alice, blue):
        answer = alice.get(f"{self.path}preview/", name="Blue/Sky 1")
        assert "Blue Mail" in answer.text and "#0055aa" in answer.text
        assert answer["X-Frame-Options"] == "SAMEORIGIN"
        assert "img-src" not in answer["Content-Security-Policy"]

    def test_the_letter_is_sent(self, alice, blue):
        answer = alice.post(f"{self.path}show/?name=Blue%2FSky+1", do="test", test_email_rcpt="a@home.example")
        assert alice.told(answer) == ["The letter is on its way to a@home.example."]
        assert OutgoingMail.objects.get().recipient == "a@home.example"

    def test_a_bad_address_gets_no_letter(self, alice, blue):
        answer = alice.post(f"{self.path}show/?name=Blue%2FSky+1", do="test", test_email_rcpt="nobody")
        assert (answer.status_code, OutgoingMail.objects.count()) == (422, 0)

    def test_it_is_deleted(self, alice, blue):
        alice.post(f"{self.path}remove/?name=Blue%2FSky+1")
        assert not Brand.objects.exists()

    def test_one_that_is_worn_stays(self, alice, blue):
        companies.change(OPERATOR, cast.origin(), "acme", {"brand": "Blue/Sky 1"})
        assert alice.post(f"{self.path}remove/?name=Blue%2FSky+1").status_code == 409
        assert Brand.objects.exists()


NEWS = "News & more"
QUERY = "?type=manual&name=News+%26+more"


class TestBulletins:
    @pytest.fixture(params=["company", "domain"])
    def owner(self, request):
        name = {"company": "acme", "domain": cast.ACME}[request.param]
        return Named(owner=request.param, owner_name=name, type="manual", name=NEWS)

    @pytest.fixture
    def base(self, owner):
        kinds = {"company": "companies", "domain": "domains"}
        return f"/operate/{kinds[owner.owner]}/{owner.owner_name}/bulletins/"

    @pytest.fixture
    def news(self, people, owner):
        bulletins.change(OPERATOR, cast.origin(), owner, LETTER)

    def test_one_is_written(self, alice, base, owner):
        answer = alice.post(f"{base}new/", bulletin=NEWS, type="manual", bulletin_text=LETTER)
        assert alice.told(answer) == ["The bulletin was saved. Nobody has got it yet."]
        assert bulletins.show(OPERATOR, owner).splitlines()[0] == "Subject: News"

    def test_another_of_the_same_name_is_refused(self, alice, base, news):
        answer = alice.post(f"{base}new/", bulletin=NEWS, type="manual", bulletin_text="Subject: x\n\ny")
        assert (answer.status_code, Bulletin.objects.get().text) == (422, LETTER)

    def test_what_is_no_e_mail_is_refused(self, alice, base):
        text = "Content-Type: multipart/mixed\n\nx"
        answer = alice.post(f"{base}new/", bulletin="x", type="manual", bulletin_text=text)
        assert (answer.status_code, 'id="id_bulletin_text_error"' in answer.text) == (422, True)

    def test_it_is_changed(self, alice, base, news):
        alice.post(f"{base}show/{QUERY}", bulletin_text="Subject: Other\n\nx")
        assert Bulletin.objects.get().text.startswith("Subject: Other")

    def test_it_is_tried_out(self, alice, base, news):
        alice.post(f"{base}show/{QUERY}", do="try", test_email=cast.UMA)
        assert OutgoingMail.objects.get().recipient == cast.UMA

    def test_it_is_asked_before_everybody_gets_it(self, alice, base, news):
        assert "Send “News &amp; more” to everybody?" in alice.text(f"{base}post/{QUERY}")
        assert not BulletinPosting.objects.exists()

    def test_everybody_gets_it(self, alice, base, news):
        alice.post(f"{base}post/{QUERY}")
        assert Job.objects.filter(kind="post_bulletin").count() == 1

    def test_it_is_deleted(self, alice, base, news):
        alice.post(f"{base}remove/{QUERY}")
        assert not Bulletin.objects.exists()


class TestWorkgroups:
    path = "/operate/domains/acme.example/workgroups/"

    def test_they_are_listed(self, dora):
        assert "sales 1 0" in dora.text(self.path)

    def test_one_is_made(self, dora):
        assert dora.told(dora.post(self.path, workgroup="board")) == ["The workgroup was created."]
        assert "board 0 0" in dora.text(self.path)

    @pytest.mark.parametrize("name", ["", "SALES", "a/b", "x" * 65])
    def test_a_bad_name_is_told_at_its_field(self, dora, name):
        answer = dora.post(self.path, workgroup=name)
        assert (answer.status_code in (409, 422), 'id="id_workgroup_error"' in answer.text) == (True, True)

    def test_an_empty_one_is_deleted(self, dora):
        workgroups.create(OPERATOR, cast.origin(), cast.ACME, "board")
        assert dora.told(dora.post(f"{self.path}remove/?workgroup=board")) == ["The workgroup was deleted."]

    def test_one_with_members_stays(self, dora):
        assert dora.post(f"{self.path}remove/?workgroup=sales").status_code == 409

    def test_a_viewer_may_look_but_not_change(self, olga):
        assert "Add the workgroup" not in olga.text(self.path)
        assert olga.post(self.path, workgroup="board").status_code == 403
