"""`postroom …`: one file a group of commands. Django is set up by the commands that need it, so that help is quick."""

import typer

from postroom.faces.cli import (
    brands,
    contexts,
    demo,
    dimail,
    dimail_accounts,
    dimail_remote,
    domains,
    explaining,
    mail,
    oidc,
    outbox,
    pages,
    persons,
    platforms,
    running,
    setup,
    signing,
)
from postroom.faces.cli.bench import command as bench
from postroom.faces.cli.bench.dimail_command import dimail as bench_dimail
from postroom.faces.cli.bench.mail_command import mail as bench_mail
from postroom.faces.cli.bench.rest_command import rest as bench_rest
from postroom.faces.cli.bench.web_command import web as bench_web
from postroom.faces.cli.complaints import Commands

app = typer.Typer(
    name="postroom",
    cls=Commands,
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
app.command("outbox")(outbox.outbox)
app.add_typer(brands.app, name="brand")
app.add_typer(persons.app, name="person")
app.command("docs")(pages.docs)
bench.app.command("dimail")(bench_dimail)
bench.app.command("mail")(bench_mail)
bench.app.command("rest")(bench_rest)
bench.app.command("web")(bench_web)
app.add_typer(bench.app, name="bench")
app.add_typer(contexts.app, name="context")
dimail.app.add_typer(dimail_accounts.accounts, name="account")
dimail.app.add_typer(dimail_accounts.allows, name="allow")
dimail.app.command("setup-db")(dimail_remote.setup_db)
dimail.app.command("recreate")(dimail_remote.recreate)
dimail.app.command("import")(dimail_remote.take_over)
dimail.app.command("sync")(dimail_remote.sync)
app.add_typer(dimail.app, name="dimail")
app.add_typer(domains.app, name="domain")
app.command("explain")(explaining.explain)
app.add_typer(mail.app, name="mail")
app.add_typer(oidc.app, name="oidc")
app.add_typer(platforms.app, name="platform")
app.add_typer(signing.app, name="dkim")
