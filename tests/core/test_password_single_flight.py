import threading

import pytest

from postroom.core.passwords.single_flight import SingleFlight


class Question:
    """Counts how often it was looked up: so a test knows that everybody has asked."""

    def __init__(self):
        self.asked = 0

    def __hash__(self):
        self.asked += 1
        return 1


def test_what_many_ask_at_once_is_worked_out_once():
    flight, question, worked, answers = SingleFlight(), Question(), [], []
    may_end = threading.Event()

    def work():
        worked.append(1)
        may_end.wait(10)
        return 42

    threads = [threading.Thread(target=lambda: answers.append(flight.ask(question, work))) for _ in range(5)]
    for thread in threads:
        thread.start()
    while question.asked < 6:  # looked up by all five, put down by the first
        threading.Event().wait(0.001)
    may_end.set()
    for thread in threads:
        thread.join()
    assert (answers, len(worked)) == ([42] * 5, 1)


def test_asked_again_later_it_is_worked_out_again():
    flight, worked = SingleFlight(), []
    flight.ask("q", lambda: worked.append(1))
    flight.ask("q", lambda: worked.append(1))
    assert len(worked) == 2


def test_an_error_reaches_the_asker():
    with pytest.raises(ZeroDivisionError):
        SingleFlight().ask("q", lambda: 1 // 0)


def test_after_an_error_the_question_can_be_asked_again():
    flight = SingleFlight()
    with pytest.raises(ZeroDivisionError):
        flight.ask("q", lambda: 1 // 0)
    assert flight.ask("q", lambda: 1) == 1
