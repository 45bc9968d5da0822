"""What the tools' lists say, and what our marks in them say."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postroom.drivers.contract import TemporaryFailure
from postroom.drivers.openxchange import listing, marks
from tests.drivers.conftest import a_mailbox

CONTEXTS = "id,filestore_id,filestore_name,enabled,max_quota,used_quota,name,lmappings"
USERS = "Id,Name,Display_name,Given_name,Sur_name,PrimaryEmail,Aliases,Mailenabled,UserAttributes"


def user(**more):
    usual = {
        "id": "3", "name": "uma", "display": "Uma Ux", "given": "Uma", "sur": "Ux", "email": "uma@acme.com",
        "aliases": "uma@acme.com, info@acme.com", "enabled": "true",
        "attributes": "config=[a=b, com.postroom.mailbox=11/mailbox/fla],client=[theme=dark]",
    }  # fmt: skip
    values = ",".join('"' + value.replace('"', '""') + '"' for value in (usual | more).values())
    (found,) = listing.users(f"{USERS}\n{values}\n")
    return found


class TestContexts:
    def test_a_context_has_the_mappings_that_are_listed(self):
        (found,) = listing.contexts(f'{CONTEXTS}\n"7","3","x","true","1","0","acme","7,acme,acme.com"\n')

        assert (found.id, found.name, found.mappings) == (7, "acme", {"7", "acme", "acme.com"})

    def test_one_without_a_name_has_none(self):
        (found,) = listing.contexts(f'{CONTEXTS}\n"7","3","x","true","1","0",,"7"\n')

        assert (found.name, found.key) == ("", None)

    def test_no_context_is_an_empty_list(self):
        assert listing.contexts(f"{CONTEXTS}\n") == []

    def test_new_columns_do_no_harm(self):
        (found,) = listing.contexts(f'new,{CONTEXTS}\n"?","7","3","x","true","1","0","acme","7"\n')

        assert found.id == 7

    @pytest.mark.parametrize(
        "text",
        ["", "\n", "id\n", f'{CONTEXTS}\n"1"\n', f'{CONTEXTS}\n"1"x"\n', f'{CONTEXTS}\n"a","","","","","","",""\n',
         f'{CONTEXTS}\n"1","\n', f'{CONTEXTS}\n"²","","","","","","",""\n', "Error: no route to host\n"],
        ids=repr,
    )  # fmt: skip
    def test_what_is_no_such_list_is_a_failure(self, text):
        with pytest.raises(TemporaryFailure):
            listing.contexts(text)


class TestUsers:
    def test_a_user_is_read_by_the_names_of_columns(self):
        found = user()

        assert (found.id, found.name, found.display_name, found.enabled) == (3, "uma", "Uma Ux", True)
        assert found.aliases == ("info@acme.com",)

    def test_quotes_and_line_ends_in_a_name_stay_in_it(self):
        assert user(display='Uma "U,x"\nUx').display_name == 'Uma "U,x"\nUx'

    def test_a_user_is_the_mailbox_whose_mark_it_bears(self):
        record = user().record()

        assert (record.key, record.type, record.first_name, record.last_name) == (11, "mailbox", "Uma", "Ux")

    @pytest.mark.parametrize(
        "attributes",
        ["", "config=[a=b]", "config=[x.com.postroom.mailbox=11/mailbox/]", "config=[com.postroom.mailbox=x/mailbox/]",
         "config=[com.postroom.mailbox=11]", "client=[note=com.postroom.mailbox=11/mailbox/]"],
    )  # fmt: skip
    def test_one_without_a_mark_is_nobody_of_ours(self, attributes):
        assert user(attributes=attributes).record() is None


@given(st.integers(1, 10**17), st.sampled_from(["acme.com", "a.postroom-domain-1", "xn--9ca.example"]), st.booleans())
def test_a_domains_mark_is_read_as_it_was_written(key, name, is_alias):
    mark = marks.DomainMark(key, name, is_alias)

    assert marks.domain_of(mark.mapping()) == mark


@given(st.integers(1, 10**17), st.text())
def test_a_contexts_name_is_read_as_it_was_written(key, name):
    assert marks.context_of(marks.context_name(key, name)) == (key, name)


@given(st.text())
def test_no_other_text_is_a_mark(text):
    assert marks.domain_of(text) is None
    assert marks.context_of(text) is None
    assert marks.mailbox_of(text) is None


@given(st.sampled_from(["mailbox", "forward", "filter"]), st.booleans(), st.text(max_size=5), st.booleans())
def test_a_mailboxs_mark_is_read_as_it_was_written(type, active, name, qualified):
    record = a_mailbox(type=type, active=active, first_name=name, settings={"name": name})
    mark = marks.mailbox_mark(record, qualified=qualified)
    namespace, _, attribute = mark.option().removeprefix("--").partition("/")

    assert marks.mailbox_of(f"{namespace}=[{attribute}]") == mark
    assert marks.mailbox_of(f"{namespace}=[a=1, {attribute}, b=2],other=[c=3]") == mark
