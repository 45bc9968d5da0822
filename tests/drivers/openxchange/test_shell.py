"""Whatever a name holds, it arrives as one argument and nothing else happens."""

import ast
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from postroom.drivers.contract import PermanentFailure
from postroom.drivers.openxchange import shell

MARK = "postroom-0123456789abcdef"
ECHO = Path(__file__).parent / "echo_arguments.py"
NASTY = (
    "", " ", "-rf", "--help", "--csv", "=", "a=b", "'", '"', "\\", "\\'", "$(touch x)", "`touch x`", "$HOME", "${IFS}",
    "!!", "a\nb", "\n", "\r\n", "\t", "; touch x", "&& touch x", "| touch x", "> x", "< /dev/null", "#", "~", "*", "é",
    "日本語", "\u202e", "\ufeff", "🏔", "'\"'\"'", f"{MARK} 0", f"\n{MARK} 0\n", "EOF", "\x1b[2J", "\x04", "\x7f",
)  # fmt: skip
texts = st.text(st.characters(exclude_characters="\0", exclude_categories=("Cs",)), max_size=60) | st.sampled_from(
    NASTY
)


def told(script, folder, program="/bin/sh"):
    """What a shell makes of it, in an empty directory."""
    done = subprocess.run([program, "-s"], input=script, capture_output=True, timeout=20, cwd=folder, check=True)
    assert done.stderr == b""
    return shell.answer(done.stdout, MARK)


@pytest.fixture(params=["/bin/sh", "/bin/bash"])
def program(request):
    if not shutil.which(request.param):
        pytest.skip(f"missing: {request.param}")
    return request.param


class TestArguments:
    @settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(st.lists(texts, max_size=4), texts)
    @example(list(NASTY), "word")
    @example([], "'; touch x; '")
    def test_any_text_arrives_as_it_is(self, tmp_path, program, arguments, secret):
        argv = [sys.executable, "-IS", str(ECHO), *(f"--name={text}" for text in arguments)]

        answer = told(shell.script(argv, {"ADMIN_PASSWORD": secret}, MARK), tmp_path, program)

        assert answer.status == 0
        assert ast.literal_eval(answer.output) == ([f"--name={text}" for text in arguments], secret)
        assert list(tmp_path.iterdir()) == []

    @pytest.mark.parametrize("text", ["a\0b", "\0", "\ud800"])
    def test_what_no_command_can_be_given_is_refused(self, text):
        with pytest.raises(PermanentFailure):
            shell.script(["createuser", f"--displayname={text}"], {}, MARK)

    def test_the_login_shell_never_sees_a_value(self):
        assert shell.LOGIN_COMMAND == "exec /bin/sh -s"


class TestAnswers:
    @pytest.mark.parametrize("status", [0, 1, 101, 255])
    def test_the_status_of_the_command_comes_along(self, tmp_path, status):
        script = shell.script(["sh", "-c", f"echo said; exit {status}"], {}, MARK)

        assert told(script, tmp_path) == shell.Answer(status, "said\n")

    def test_a_command_cannot_read_the_rest_of_the_script(self, tmp_path):
        assert told(shell.script(["cat"], {}, MARK), tmp_path) == shell.Answer(0, "")

    def test_what_a_login_script_says_is_no_part_of_it(self):
        assert shell.answer(f"Welcome!\n{MARK}\nid,name\n{MARK} 0\n".encode(), MARK) == shell.Answer(0, "id,name")

    def test_an_output_without_a_line_end_is_whole(self, tmp_path):
        assert told(shell.script(["printf", "a"], {}, MARK), tmp_path) == shell.Answer(0, "a")

    @settings(max_examples=100, deadline=None)
    @given(st.integers(0, 60))
    def test_an_answer_that_was_cut_off_is_none(self, length):
        whole = f"{MARK}\nid,name\n1,a\n\n{MARK} 10\n".encode()

        assert shell.answer(whole[: min(length, len(whole) - 1)], MARK) is None

    @pytest.mark.parametrize("status", ["²", "1" * 5000, "-1", "1 2", ""])
    def test_a_status_that_is_none_is_no_answer(self, status):
        assert shell.answer(f"{MARK}\nx\n{MARK} {status}\n".encode(), MARK) is None

    def test_what_a_database_does_not_take_is_in_no_answer(self):
        assert shell.answer(f"{MARK}\na\0b\n{MARK} 0\n".encode(), MARK) == shell.Answer(0, "a\ufffdb")

    def test_a_command_that_is_not_there_has_the_status_of_the_shell(self, tmp_path):
        script = shell.script([str(tmp_path / "listuser")], {}, MARK)

        done = subprocess.run(["/bin/sh", "-s"], input=script, capture_output=True, timeout=20, check=True)

        assert shell.answer(done.stdout, MARK).status == 127
