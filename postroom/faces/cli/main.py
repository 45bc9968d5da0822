"""`postroom …`: one file a group of commands. Django is set up by the commands that need it, so that help is quick."""

import typer

from postroom.faces.cli import demo, pages, running, setup
from postroom.faces.cli.bench.command import bench

app = typer.Typer(
    name="postroom",
    help="The control plane of e-mail hosting.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_show_locals=False,  # they could show secrets
)

app.command("demo")(demo.demo)
app.command("serve")(running.serve)
app.command("worker")(running.worker)
app.command("migrate")(running.migrate)
app.command("check")(setup.check)
app.command("bootstrap")(setup.bootstrap)
app.command("drift")(setup.drift)
app.command("history")(setup.history)
app.command("docs")(pages.docs)
app.command("bench")(bench)
