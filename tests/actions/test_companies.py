"""Companies as their list shows them, and what only the operator says of one."""

import pytest

from postroom.actions import companies, domains, histories, settings_view
from postroom.core.errors import OutOfReach
from postroom.core.roles import OPERATOR
from postroom.store.models import Company, Domain, History
from tests import cast


def names(actor=OPERATOR, **query):
    return [line.name for line in companies.listed(actor, **query)[0]]


def test_the_operator_sees_all_of_them_by_name(other):
    assert names() == ["acme", "other"]


def test_the_other_way_round(other):
    assert names(ordering="-name") == ["other", "acme"]


@pytest.mark.parametrize(("q", "found"), [("AC", ["acme"]), ("e", ["acme", "other"]), ("%", []), ("zz", [])])
def test_they_are_found_by_part_of_the_name(other, q, found):
    assert names(q=q) == found


def test_a_page_and_how_many_there_are(other):
    lines, total = companies.listed(OPERATOR, first=1, limit=1)
    assert ([line.name for line in lines], total) == (["other"], 2)


def test_domains_are_counted_while_they_live(acme):
    domains.change(OPERATOR, cast.origin(), "gone.example", {"company": "acme"}, create_only=True)
    before = companies.line(OPERATOR, "acme").domains
    Domain.objects.filter(name="gone.example").update(deleted_at=1)
    assert companies.line(OPERATOR, "acme").domains == before - 1


def test_an_administrator_sees_the_own_one_alone(other):
    assert names(cast.actor(cast.ALICE)) == ["acme"]


def test_somebody_elses_is_out_of_reach(other):
    with pytest.raises(OutOfReach):
        companies.line(cast.actor(cast.CHARLIE), "acme")


def test_the_list_takes_two_statements(other, django_assert_num_queries):
    with django_assert_num_queries(2):
        companies.listed(OPERATOR)


class TestTrust:
    @pytest.fixture
    def town(self, acme):
        cast.company("town", "mayor@town.adm", trusted=False)
        domains.change(OPERATOR, cast.origin(), "town.example", {"company": "town"}, create_only=True)
        Domain.objects.filter(name="town.example").update(check_at=None)

    def trust(self, trusted=True, catchall_allowed=False, by=OPERATOR):
        companies.trust(by, cast.origin(), "town", trusted=trusted, catchall_allowed=catchall_allowed)

    def test_a_company_becomes_trusted(self, town):
        self.trust()
        assert companies.line(OPERATOR, "town").trusted

    def test_its_waiting_domains_are_looked_at(self, town):
        self.trust()
        assert Domain.objects.get(name="town.example").check_at is not None

    def test_it_is_in_the_history(self, town):
        self.trust(catchall_allowed=True)
        entry = History.objects.filter(kind="company", name="town").last()
        assert entry.changes == {"trusted": [False, True], "catchall_allowed": [False, True]}

    def test_what_is_so_already_changes_nothing(self, town):
        before = History.objects.count()
        self.trust(trusted=False)
        assert History.objects.count() == before

    def test_domains_that_work_go_on_without_trust(self, acme):
        companies.trust(OPERATOR, cast.origin(), "acme", trusted=False, catchall_allowed=False)
        assert (Domain.objects.get(name=cast.ACME).status, Company.objects.get(name="acme").trusted) == (
            "enabled",
            False,
        )

    def test_nobody_trusts_themselves(self, town):
        with pytest.raises(OutOfReach):
            companies.trust(cast.actor("mayor@town.adm"), cast.origin(), "town", trusted=True, catchall_allowed=True)


def test_settings_of_a_company_tell_where_they_come_from(acme):
    companies.change(OPERATOR, cast.origin(), "acme", {"quota": 500})
    setting = settings_view.of_company(OPERATOR, "acme")["quota"]
    assert (setting.value, setting.origin) == (500, "company")


def test_the_history_of_a_company_begins_with_the_newest(acme):
    companies.change(OPERATOR, cast.origin(), "acme", {"quota": 500})
    lines, total = histories.of_company(cast.actor(cast.ALICE), "acme")
    assert ("quota" in lines[0].changes, lines[-1].verb, total == len(lines)) == (True, "created", True)


def test_outsiders_do_not_see_it(other):
    with pytest.raises(OutOfReach):
        histories.of_company(cast.actor(cast.CHARLIE), "acme")
