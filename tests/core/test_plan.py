import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from postroom.core.plan import (
    ALL_ATTRIBUTES,
    UNKEPT,
    Abilities,
    Conflict,
    MassRemoval,
    PutDomain,
    PutMailbox,
    RemoveDomain,
    RemoveMailbox,
    diff_domain,
    diff_mailbox,
    drift,
    guard_removals,
    honoured,
)
from postroom.core.records import DomainRecord, MailboxRecord

ACME = DomainRecord(key=1, name="acme.com", aliases=("acme.net", "acme.org"), active=True, settings={"quota": 1})
UMA = MailboxRecord(
    key=11,
    address="uma@acme.com",
    type="mailbox",
    aliases=("u@acme.com",),
    active=True,
    password_hash="{BCRYPT}a",
    settings={"quota": 5000, "language": "fr"},
)
URSULA = msgspec.structs.replace(UMA, address="ursula@acme.com")
STRANGER = msgspec.structs.replace(UMA, key=99)


def changed(record, **fields):
    return msgspec.structs.replace(record, **fields)


class TestOneObject:
    @pytest.mark.parametrize(
        ("desired", "observed", "applied", "changes"),
        [
            pytest.param(None, None, None, [], id="never was, never will be"),
            pytest.param(None, None, "uma@acme.com", [], id="removed already"),
            pytest.param(None, UMA, "uma@acme.com", [RemoveMailbox("uma@acme.com", 11)], id="to remove"),
            pytest.param(UMA, UMA, "uma@acme.com", [], id="as it should be"),
            pytest.param(UMA, None, None, [PutMailbox(UMA)], id="new"),
            pytest.param(UMA, None, "uma@acme.com", [PutMailbox(UMA)], id="lost"),
            pytest.param(URSULA, UMA, "uma@acme.com", [PutMailbox(URSULA, "uma@acme.com")], id="to rename"),
            pytest.param(URSULA, URSULA, "uma@acme.com", [], id="renamed, not yet recorded"),
            pytest.param(URSULA, None, "uma@acme.com", [PutMailbox(URSULA, "uma@acme.com")], id="not looked for"),
            pytest.param(URSULA, STRANGER, "uma@acme.com", [PutMailbox(URSULA)], id="old address is another's"),
        ],
    )
    def test_mailbox(self, desired, observed, applied, changes):
        assert diff_mailbox(desired, observed, applied) == changes

    @pytest.mark.parametrize(
        "fields",
        [
            {"active": False},
            {"type": "forward"},
            {"password_hash": "{BCRYPT}b"},
            {"password_hash": ""},
            {"aliases": ()},
            {"aliases": ("u@acme.com", "v@acme.com")},
            {"settings": {"quota": 5000}},
            {"settings": {"quota": 5001, "language": "fr"}},
        ],
        ids=str,
    )
    def test_any_difference_is_mended_by_the_whole_record(self, fields):
        wanted = changed(UMA, **fields)

        assert diff_mailbox(wanted, UMA, "uma@acme.com") == [PutMailbox(wanted)]

    def test_the_order_of_aliases_means_nothing(self):
        shown = changed(ACME, aliases=("acme.org", "acme.net"))

        assert diff_domain(ACME, shown, "acme.com") == []

    def test_an_object_of_another_key_under_the_wanted_name_is_a_conflict(self):
        [conflict] = diff_mailbox(UMA, STRANGER, None)

        assert isinstance(conflict, Conflict)
        assert conflict.name == "uma@acme.com"

    def test_the_removal_of_one_object_leaves_its_successor_alone(self):
        assert diff_mailbox(None, STRANGER, "uma@acme.com", key=11) == []
        assert diff_mailbox(None, UMA, "uma@acme.com", key=11) == [RemoveMailbox("uma@acme.com", 11)]

    def test_domains_alike(self):
        renamed = changed(ACME, name="acme.eu")

        assert diff_domain(renamed, ACME, "acme.com") == [PutDomain(renamed, "acme.com")]
        assert diff_domain(None, ACME, "acme.com") == [RemoveDomain("acme.com", 1)]


class TestAbilities:
    def test_a_platform_is_compared_by_what_it_honours(self):
        assert honoured(UMA, Abilities(frozenset({"quota"}))).settings == {"quota": 5000}

    def test_one_that_honours_everything_gets_everything(self):
        assert honoured(UMA, ALL_ATTRIBUTES) == UMA

    @pytest.mark.parametrize("field", UNKEPT)
    def test_what_a_platform_keeps_nothing_of_does_not_differ(self, field):
        kind, _, name = field.partition(".")
        record = {"domain": ACME, "mailbox": UMA}[kind]
        other = {True: False, "": "x", (): ("x",)}[UNKEPT[field]]
        changed = msgspec.structs.replace(record, **{name: other})

        assert honoured(changed, ALL_ATTRIBUTES) != honoured(record, ALL_ATTRIBUTES)
        assert honoured(changed, Abilities(unkept=frozenset({field}))) == honoured(
            record, Abilities(unkept=frozenset({field}))
        )
        assert "not invented yet" in ALL_ATTRIBUTES


class TestBrake:
    @pytest.mark.parametrize(
        ("removals", "existing", "stops"),
        [
            (9, 9, False),
            (10, 10, True),
            (30, 100, False),
            (31, 100, True),
            (0, 0, False),
            (10, 34, False),
            (10, 33, True),
        ],
    )
    def test_above_thirty_percent_and_from_ten_on(self, removals, existing, stops):
        changes = [RemoveMailbox(f"u{n}@acme.com") for n in range(removals)] + [PutMailbox(UMA)]

        if stops:
            with pytest.raises(MassRemoval) as stopped:
                guard_removals(changes, existing)
            assert (stopped.value.removals, stopped.value.existing) == (removals, existing)
        else:
            guard_removals(changes, existing)

    def test_force_releases_it(self):
        guard_removals([RemoveDomain(f"{n}.example") for n in range(50)], 50, forced=True)

    def test_puts_never_pull_it(self):
        guard_removals([PutMailbox(UMA)] * 100, 100)


def box(address, key, **fields):
    return changed(UMA, address=address, key=key, **fields)


class TestDrift:
    def test_equal_streams_need_nothing(self):
        boxes = [box("a@x", 1), box("b@x", 2)]

        assert list(drift(boxes, list(boxes))) == []

    def test_missing_changed_and_superfluous(self):
        desired = [box("a@x", 1), box("b@x", 2), box("c@x", 3)]
        observed = [box("b@x", 2, active=False), box("c@x", 3), box("d@x", 4)]

        assert set(map(repr, drift(desired, observed))) == set(
            map(repr, [PutMailbox(desired[0]), PutMailbox(desired[1]), RemoveMailbox("d@x", 4)])
        )

    @pytest.mark.parametrize(("old", "new"), [("a@x", "c@x"), ("c@x", "a@x")])
    @pytest.mark.parametrize("others", [[], [box("0@x", 2), box("b@x", 3), box("z@x", 4)]])
    def test_a_rename_is_no_removal(self, old, new, others):
        desired = sorted([*others, box(new, 1)], key=lambda one: one.address)
        observed = sorted([*others, box(old, 1)], key=lambda one: one.address)

        assert list(drift(desired, observed)) == [PutMailbox(box(new, 1), old)]

    def test_a_stranger_in_the_wanted_place_is_reported_and_left(self):
        [conflict] = drift([box("a@x", 1)], [box("a@x", 9)])

        assert isinstance(conflict, Conflict)

    def test_who_cannot_move_is_not_removed(self):
        """a should become b, b should become c: b first, a the next night."""
        desired = [box("b@x", 1), box("c@x", 2)]
        observed = [box("a@x", 1), box("b@x", 2)]

        conflict, move = drift(desired, observed)

        assert isinstance(conflict, Conflict)
        assert move == PutMailbox(desired[1], "b@x")

    @pytest.mark.parametrize("names", [["b@x", "a@x"], ["a@x", "a@x"]])
    def test_a_stream_out_of_order_is_refused(self, names):
        stream = [box(name, key) for key, name in enumerate(names)]

        with pytest.raises(ValueError, match="ascend"):
            list(drift(stream, []))
        with pytest.raises(ValueError, match="ascend"):
            list(drift([], stream))

    @pytest.mark.parametrize("sides", ["desired", "observed"])
    def test_one_side_alone_flows_through(self, sides):
        """The first change comes before the second record is read: nothing piles up."""
        read = []

        def stream():
            for number in range(3):
                read.append(number)
                yield box(f"{number}@x", number)

        changes = drift(stream(), []) if sides == "desired" else drift([], stream())
        next(changes)

        assert read == [0]


ADDRESSES = [f"{letter}@x" for letter in "abcdef"]
MAILBOXES = st.dictionaries(st.sampled_from(ADDRESSES), st.tuples(st.integers(1, 8), st.booleans()))


def platform(boxes):
    """Address -> mailbox, each key once, ascending."""
    keys, found = set(), {}
    for address, (key, active) in sorted(boxes.items()):
        if key not in keys:
            keys.add(key)
            found[address] = box(address, key, active=active)
    return found


def apply(there, change):
    """What every platform does, in a few lines; refuses an address that is another's."""
    if isinstance(change, PutMailbox):
        holder = there.get(change.record.address)
        assert holder is None or holder.key == change.record.key
        for address in [name for name, one in there.items() if one.key == change.record.key]:
            del there[address]
        there[change.record.address] = change.record
    elif isinstance(change, RemoveMailbox):
        assert there[change.address].key == change.key
        del there[change.address]


@given(MAILBOXES, MAILBOXES)
def test_a_platform_ends_as_it_should_be_or_says_why_not(wanted, present):
    desired, there = platform(wanted), platform(present)
    kept = {one.key for one in desired.values()} & {one.key for one in there.values()}

    for _ in range(len(ADDRESSES)):
        changes = list(drift(desired.values(), [there[name] for name in sorted(there)]))
        for change in changes:
            apply(there, change)
            assert kept <= {one.key for one in there.values()}

    in_the_way = {change.name for change in changes}
    assert all(isinstance(change, Conflict) for change in changes)
    assert all(there[name].key != desired[name].key for name in in_the_way)
    assert all(there[name] == one for name, one in desired.items() if name not in in_the_way)


@given(MAILBOXES, MAILBOXES)
def test_no_object_is_changed_twice_in_one_pass(wanted, present):
    changes = list(drift(platform(wanted).values(), platform(present).values()))

    keys = [
        one.record.key if isinstance(one, PutMailbox) else one.key for one in changes if not isinstance(one, Conflict)
    ]
    assert len(keys) == len(set(keys))
