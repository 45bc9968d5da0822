"""A process of its own for each database: migrates and seeds."""

import sys
from pathlib import Path

import msgspec
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from postroom.faces.cli.terminal import err, set_up_django


def main() -> None:
    """Arguments: domains, mailboxes each, the file of the simulated platform, the file to write."""
    domains, each, platform, target = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3], Path(sys.argv[4])
    set_up_django()
    from django.core.management import call_command

    from postroom.faces.cli.bench import dimail_seed

    call_command("migrate", verbosity=0, interactive=False)
    shown = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()
    with Progress(*shown, console=err, transient=True) as progress:
        task = progress.add_task(f"Seeding {domains} domains", total=dimail_seed.rows_for(domains, each))
        prepared = dimail_seed.fill(domains, each, platform, lambda n: progress.advance(task, n))
    target.write_bytes(msgspec.json.encode(prepared))


if __name__ == "__main__":
    main()
