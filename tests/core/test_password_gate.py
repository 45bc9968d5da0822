import threading
import time

import pytest

from postroom.core.errors import Overloaded
from postroom.core.passwords.gate import Gate


def occupy(gate, until):
    """A thread that holds a slot until it is told to leave."""
    inside = threading.Event()

    def hold():
        with gate:
            inside.set()
            until.wait(5)

    thread = threading.Thread(target=hold)
    thread.start()
    assert inside.wait(5)
    return thread


@pytest.fixture
def leave():
    event = threading.Event()
    yield event
    event.set()


def enters(gate: Gate) -> bool:
    try:
        with gate:
            return True
    except Overloaded:
        return False


def test_a_free_gate_lets_in():
    with Gate(1, 0) as nothing:
        assert nothing is None


def test_a_slot_is_free_again_afterwards():
    gate = Gate(1, 0)
    with gate:
        pass
    assert enters(gate)


def test_a_slot_is_free_again_after_an_error():
    gate = Gate(1, 0)
    with pytest.raises(KeyError), gate:
        raise KeyError
    assert enters(gate)


def test_nobody_waits_where_nobody_may(leave):
    gate = Gate(1, 0)
    occupy(gate, leave)
    with pytest.raises(Overloaded), gate:
        pass


def test_one_who_waits_gets_in_when_a_slot_is_free(leave):
    gate = Gate(1, 1, patience=5)
    occupy(gate, leave)
    threading.Timer(0.02, leave.set).start()
    with gate:
        assert leave.is_set()


def test_one_who_waits_too_long_is_turned_away(leave):
    gate = Gate(1, 1, patience=0.02)
    occupy(gate, leave)
    with pytest.raises(Overloaded), gate:
        pass


def test_a_chair_is_free_again_after_waiting_in_vain(leave):
    gate = Gate(1, 1, patience=0.02)
    holder = occupy(gate, leave)
    with pytest.raises(Overloaded), gate:
        pass
    leave.set()
    holder.join()
    assert enters(gate)


def test_one_more_than_may_wait_is_turned_away_at_once(leave):
    gate = Gate(1, 1, patience=60)
    occupy(gate, leave)
    waiting = threading.Thread(target=gate.__enter__)
    waiting.start()
    while gate._chairs._value:
        time.sleep(0.001)
    with pytest.raises(Overloaded), gate:
        pass
    assert waiting.is_alive(), "the one on the chair still waits: nobody has left"
    leave.set()
    waiting.join()


def test_never_more_than_the_slots_are_inside():
    gate = Gate(2, 20)
    inside, most, lock = 0, 0, threading.Lock()

    def work():
        nonlocal inside, most
        with gate:
            with lock:
                inside += 1
                most = max(most, inside)
            time.sleep(0.002)
            with lock:
                inside -= 1

    threads = [threading.Thread(target=work) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == 2
