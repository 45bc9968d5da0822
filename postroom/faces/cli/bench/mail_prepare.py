"""A process of its own for each database: migrates it and fills it with mailboxes."""

import sys

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from postroom.faces.cli.terminal import err, set_up_django


def main() -> None:
    """Arguments: domains, mailboxes each, the folder of the stack that will read them."""
    domains, each, dir = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    set_up_django()
    from django.core.management import call_command

    from postroom.faces.cli.bench import mail_seed

    call_command("migrate", verbosity=0, interactive=False)
    shown = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()
    with Progress(*shown, console=err, transient=True) as progress:
        task = progress.add_task(f"Seeding {domains * each} mailboxes", total=mail_seed.rows_for(domains, each))
        mail_seed.fill(domains, each, dir, lambda n: progress.advance(task, n))


if __name__ == "__main__":
    main()
