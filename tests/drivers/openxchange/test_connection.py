"""The way to the host, with a real sshd."""

import os
import subprocess
import threading

import pytest

from postroom.drivers.contract import PermanentFailure, TemporaryFailure
from postroom.drivers.openxchange import settings
from postroom.drivers.openxchange.connection import Connection, Deadline
from tests.drivers.openxchange.host import Host

pytestmark = pytest.mark.processes


@pytest.fixture
def connect(ox_host):
    """A connection of which something is other than it should be."""
    made = []

    def connect(**more):
        made.append(Connection(settings.read(_given(ox_host.ssh | more)).ssh))
        return made[-1]

    yield connect
    for connection in made:
        connection.close()


def _given(ssh):
    return {"ssh": ssh, "context_admin": {"user": "oxadmin", "password_file": "/dev/null"}}


def say(connection, text="here", seconds=10):
    return connection.run(["echo", text], {}, Deadline(seconds)).output


class TestHostKeys:
    def test_a_host_that_is_known_is_talked_to(self, connect):
        assert say(connect()) == "here\n"

    def test_a_host_whose_key_is_not_known_is_not(self, connect, tmp_path):
        (tmp_path / "known_hosts").touch()

        with pytest.raises(TemporaryFailure, match="has not the key"):
            say(connect(known_hosts=str(tmp_path / "known_hosts")))

        assert (tmp_path / "known_hosts").read_text() == ""

    def test_a_host_that_shows_another_key_is_not(self, connect, ox_host, tmp_path):
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", tmp_path / "other"], check=True)
        other = (tmp_path / "other.pub").read_text()
        (tmp_path / "known_hosts").write_text(f"[127.0.0.1]:{ox_host.port} {other}")

        with pytest.raises(TemporaryFailure, match="has not the key") as failure:
            say(connect(known_hosts=str(tmp_path / "known_hosts")))

        assert failure.value.retry_in >= 300


class TestWaysNotIn:
    def test_a_key_that_the_host_does_not_know(self, connect, tmp_path):
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", tmp_path / "other"], check=True)

        with pytest.raises(TemporaryFailure, match="does not let"):
            say(connect(key=str(tmp_path / "other")))

    def test_nobody_listens(self, connect, tmp_path):
        with pytest.raises(TemporaryFailure, match="ended"):
            say(connect(port=1))

    @pytest.mark.parametrize(
        "wrong",
        [
            {"host": "-oProxyCommand=touch x"}, {"host": "a b"}, {"host": ""}, {"user": "-l"}, {"user": "a b"},
            {"key": "key"}, {"key": "/a b"}, {"key": "/a\n"}, {"known_hosts": "/%h"}, {"known_hosts": "/${HOME}"},
            {"port": 0}, {"port": 70000}, {"password": "x"},
        ],
        ids=repr,
    )  # fmt: skip
    def test_settings_that_could_mean_something_else_to_ssh(self, connect, wrong):
        with pytest.raises(PermanentFailure):
            connect(**wrong)


class TestReuse:
    def test_many_commands_sign_in_once(self, connect, ox_host):
        connection, before = connect(), ox_host.sign_ins()

        assert [say(connection, str(number)) for number in range(5)] == [f"{number}\n" for number in range(5)]

        assert ox_host.sign_ins() - before == 1

    def test_threads_share_it_and_get_their_own_answers(self, connect):
        connection, answers = connect(), {}
        say(connection)

        def ask(number):
            answers[number] = say(connection, str(number), seconds=30)

        threads = [threading.Thread(target=ask, args=(number,)) for number in range(16)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert answers == {number: f"{number}\n" for number in range(16)}

    def test_a_connection_that_was_closed_is_opened_again(self, connect):
        connection = connect()
        say(connection)

        connection.close()

        assert say(connection, "again") == "again\n"

    def test_nothing_is_left_when_it_is_closed(self, connect):
        connection = connect()
        say(connection)
        folder = connection._control_folder()

        connection.close()

        assert not folder.exists()

    def test_a_host_that_was_gone_is_found_again(self, tmp_path):
        host = Host()
        connection = Connection(settings.read(_given(host.ssh)).ssh)
        try:
            say(connection)
            host.stop()
            connection.close()  # its session would go on: sshd has a process of its own for it
            with pytest.raises(TemporaryFailure):
                say(connection)
            host.start()

            assert say(connection, "again") == "again\n"
        finally:
            connection.close()
            host.close()


class TestTime:
    def test_a_command_that_hangs_is_given_up(self, connect):
        connection = connect()
        say(connection)
        with pytest.raises(TemporaryFailure, match="in time"):
            connection.run(["sleep", "60"], {}, Deadline(0.5))

    def test_the_next_command_does_not_suffer(self, connect):
        connection = connect()
        with pytest.raises(TemporaryFailure):
            connection.run(["sleep", "60"], {}, Deadline(1))

        assert say(connection) == "here\n"

    def test_nothing_is_begun_without_time(self, connect, tmp_path):
        with pytest.raises(TemporaryFailure):
            connect().run(["touch", str(tmp_path / "file")], {}, Deadline(0))

        assert not (tmp_path / "file").exists()


class TestWhatComesBack:
    def test_a_large_answer_is_whole(self, connect):
        assert len(connect().run(["seq", "200000"], {}, Deadline(15)).output.splitlines()) == 200_000

    def test_errors_and_status_are_told_apart_from_the_output(self, connect):
        said = connect().run(["sh", "-c", "echo out; echo oops >&2; exit 103"], {}, Deadline(10))

        assert (said.status, said.output, said.errors) == (103, "out\n", "oops\n")

    def test_a_session_that_dies_has_no_answer(self, connect):
        with pytest.raises(TemporaryFailure, match="ended"):
            connect().run(["sh", "-c", "kill -9 $PPID"], {}, Deadline(10))

    def test_an_environment_of_ours_goes_nowhere(self, connect, monkeypatch):
        monkeypatch.setenv("POSTROOM_SECRET_KEY", "secret")

        assert "POSTROOM_SECRET_KEY" not in connect().run(["env"], {}, Deadline(10)).output
        assert os.environ["POSTROOM_SECRET_KEY"] == "secret"
