"""Platforms: how they are, by what is written down and by asking them now."""

import pytest

from postroom.actions import platforms
from postroom.actions.platforms import PlatformView
from postroom.core.errors import BadRequest, NotFound, OutOfReach
from postroom.core.roles import OPERATOR
from postroom.drivers import make
from postroom.store.models import Mailbox, Platform
from postroom.worker import loop
from tests import cast


@pytest.fixture
def idle(acme):
    loop.until_idle(lambda: loop.milliseconds() + 1000)


def health():
    (found,) = platforms.health(OPERATOR, cast.origin())
    return found


def test_a_platform_that_knows_everything(idle):
    assert (health().waiting, health().failing, health().oldest, health().domains) == (0, 0, None, 2)


def test_what_it_has_still_to_be_told(acme):
    assert health().waiting == 7  # two domains, five mailboxes


def test_the_reason_that_was_heard_most_often(idle):
    Mailbox.objects.filter(address=cast.UMA).update(due_at=1, failure="full", attempts=1)
    Mailbox.objects.filter(address=cast.MAX).update(due_at=2, failure="burning", attempts=9)
    assert (health().failing, health().reason, health().oldest) == (2, "burning", 1)


def test_one_that_answers(acme):
    assert platforms.silence(OPERATOR, "fake") == ""


def test_one_that_does_not(acme):
    make("fake", {"path": ":memory:"}).command(
        "fail_next", {"operation": "domains", "times": 1, "reason": "out for lunch"}
    )
    assert "out for lunch" in platforms.silence(OPERATOR, "fake")


def test_one_whose_driver_is_gone(acme):
    Platform.objects.update(driver="vapour")
    assert "vapour" in platforms.silence(OPERATOR, "fake")


@pytest.fixture
def second(acme):
    wanted = PlatformView(name="second", driver="fake", settings={"path": ":memory:"}, is_default=False)
    platforms.add(OPERATOR, cast.origin(), wanted)


def defaults():
    return list(Platform.objects.filter(is_default=True).values_list("name", flat=True))


def test_new_domains_go_to_another_one(second):
    platforms.make_default(OPERATOR, "second")
    assert defaults() == ["second"]


def test_all_settings_are_replaced(second):
    platforms.set_all(OPERATOR, "second", {"path": "elsewhere"})
    assert Platform.objects.get(name="second").settings == {"path": "elsewhere"}


def test_settings_that_the_driver_cannot_use_change_nothing(second):
    with pytest.raises(BadRequest) as refused:
        platforms.set_all(OPERATOR, "second", {})
    assert ("settings" in refused.value.hints, Platform.objects.get(name="second").settings) == (
        True,
        {"path": ":memory:"},
    )


@pytest.mark.parametrize(
    "act",
    [
        lambda: platforms.set_all(OPERATOR, "second", {"path": "elsewhere", "paht": "typed wrongly"}),
        lambda: platforms.change(OPERATOR, "second", "paht", "elsewhere"),
        lambda: platforms.add(
            OPERATOR,
            cast.origin(),
            PlatformView(name="third", driver="fake", settings={"path": "x", "paht": "y"}, is_default=True),
        ),
    ],
)
def test_a_setting_that_nobody_reads_changes_nothing(second, act):
    before = list(Platform.objects.order_by("id").values())
    with pytest.raises(BadRequest) as refused:
        act()
    assert "no setting named paht; there are path, " in refused.value.hints["settings"]
    assert list(Platform.objects.order_by("id").values()) == before


@pytest.fixture
def older(second):
    """From before names were looked at."""
    Platform.objects.filter(name="second").update(settings={"path": ":memory:", "old": 1, "older": 2})


def test_what_was_kept_before_is_in_nobodys_way(older):
    platforms.change(OPERATOR, "second", "dns", {"seconds": 3})
    assert platforms.silence(OPERATOR, "second") == ""
    assert Platform.objects.get(name="second").settings["dns"] == {"seconds": 3}


def test_what_was_kept_before_can_be_taken_away(older):
    platforms.change(OPERATOR, "second", "old", None)
    assert Platform.objects.get(name="second").settings == {"path": ":memory:", "older": 2}


def test_what_was_kept_before_is_told(older):
    assert platforms.unknown_settings() == {"second": ["old", "older"]}


ACTS = [
    platforms.silence,
    platforms.make_default,
    lambda by, name: platforms.set_all(by, name, {}),
]


@pytest.mark.parametrize("act", ACTS)
def test_one_that_is_not_there(acme, act):
    with pytest.raises(NotFound):
        act(OPERATOR, "nowhere")


@pytest.mark.parametrize("act", [*ACTS, lambda by, name: platforms.health(by, cast.origin())])
def test_only_the_operator_does_this(acme, act):
    with pytest.raises(OutOfReach):
        act(cast.actor(cast.ALICE), "fake")
