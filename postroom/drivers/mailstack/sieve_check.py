"""What is wrong with a Sieve script, in the words of Dovecot's compiler."""

import re
import subprocess
import tempfile
from pathlib import Path
from typing import Final

from postroom.drivers.contract import ScriptError

_LINE: Final = re.compile(r"^script: line (\d+): error: (.*?)\.?$")
_MOST: Final = 20


_EXTENSIONS: Final = "+editheader +vacation-seconds"  # as in Dovecot's configuration, which holds secrets


def errors(text: str) -> list[ScriptError] | None:
    """None where the compiler is not there or does not end: then nobody knows."""
    with tempfile.TemporaryDirectory(prefix="postroom-sieve-") as folder:
        script = Path(folder) / "script.sieve"
        script.write_text(text, encoding="utf-8")
        command = ["sievec", "-c", "/dev/null", "-x", _EXTENSIONS, str(script), str(Path(folder) / "compiled")]
        try:
            # An empty home: `include` finds no other scripts.
            done = subprocess.run(  # noqa: S603 -- no shell, and no argument of the user's
                command,
                capture_output=True,
                text=True,
                errors="replace",
                timeout=5,
                check=False,
                env={"HOME": folder, "PATH": "/usr/bin:/bin:/usr/local/bin"},
            )
        except (OSError, subprocess.SubprocessError):
            return None
    found = [match for line in done.stderr.splitlines() if (match := _LINE.match(line))]
    return [ScriptError(line=int(match[1]), text=match[2]) for match in found[:_MOST]]
