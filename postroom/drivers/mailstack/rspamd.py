"""Rspamd: its own stock configuration, with ours in local.d, override.d and a Lua file beside it."""

from typing import Final

from postroom.drivers.mailstack.files import File, fill, folder
from postroom.drivers.mailstack.layout import LOOPBACK, Layout, Secrets

PROGRAM: Final = "/usr/bin/rspamd"

# Only Sieve knows what a score means to a recipient, so no action follows from one here.
_ACTIONS: Final = "reject = null;\nadd_header = null;\nrewrite_subject = null;\ngreylist = null;\n"
_DKIM: Final = """\
enabled = true;
sign_authenticated = true;
sign_local = false;
use_domain_custom = <<EOD
{domain}
EOD;
use_esld = false;
allow_username_mismatch = true;
allow_hdrfrom_mismatch = true;
allow_hdrfrom_multiple = true;
check_pubkey = false;
try_fallback = true;
use_redis = true;
key_prefix = "DKIM_KEYS";
selector_prefix = "DKIM_SELECTORS";
"""
# What asks the network, learns, or keeps tables of senders: a private instance must answer the same way every time.
_OFF_IN_PRIVATE: Final = (
    "antivirus", "arc", "asn", "bayes_expiry", "bimi", "chartable", "clickhouse", "dcc", "dmarc", "elastic",
    "external_services", "fuzzy_check", "hfilter", "history_redis", "maillist", "metadata_exporter",
    "metric_exporter", "mid", "mime_types", "multimap", "mx_check", "neural", "once_received", "p0f", "phishing",
    "ratelimit", "rbl", "replies", "reputation", "rspamd_update", "spamassassin", "spamtrap", "spf", "surbl",
    "trie", "url_redirector", "whitelist", "forged_recipients", "http_headers", "aws_s3", "emails",
)  # fmt: skip
# The stock list of 9000 suffixes takes half a minute to compile.
_FEW_SUFFIXES: Final = "com\nnet\norg\ntest\nexample\n"


def files(layout: Layout, secrets: Secrets) -> list[File]:
    ports = layout.ports
    signing_domain = fill("dkim-domain.lua").strip()
    lua = fill("postroom.lua", signing_domain=signing_domain) + (fill("test-scores.lua") if layout.test_scores else "")
    texts = {
        "rspamd.local.lua": lua,
        "local.d/redis.conf": f'servers = "{LOOPBACK}:{ports.redis}";\npassword = "{secrets.redis}";\n',
        "local.d/dkim_signing.conf": _DKIM.format(domain=signing_domain),
        "local.d/greylist.conf": "enabled = false;\n",
        "override.d/actions.conf": _ACTIONS,
        "override.d/worker-proxy.inc": (
            f'bind_socket = ["{layout.milter} mode=0660 owner=_rspamd group=postfix", "{LOOPBACK}:{ports.milter}"];\n'
            "milter = yes;\ntimeout = 20s;\n"
            'upstream "local" {\n  default = yes;\n  self_scan = yes;\n}\n'
            "discard_on_reject = false;\nquarantine_on_reject = false;\n"
        ),
        # It would take away the X-Spam that a recipient wants in spam that is passed on.
        "override.d/milter_headers.conf": "enabled = false;\n",
        "override.d/worker-normal.inc": "enabled = false;\n",  # the proxy scans by itself
        **(_private(layout) if layout.private else {}),
    }
    return [
        File(path=layout.etc / "rspamd" / name, text=text, group="_rspamd", mode=0o640) for name, text in texts.items()
    ]


def _private(layout: Layout) -> dict[str, str]:
    options = (
        f'dns {{\n  nameserver = ["{LOOPBACK}:{layout.ports.resolver}:1"];\n  timeout = 1s;\n  retransmits = 1;\n}}\n'
        f'url_tld = "{layout.etc}/rspamd/suffixes.dat";\n'
        f'hs_cache_dir = "{layout.cache}/";\n'
        f'control_socket = "{layout.state}/rspamd/rspamd.sock mode=0600";\n'
        f'pidfile = "{layout.run}/rspamd.own.pid";\n'
        'filters = "dkim";\n'  # dkim_signing does not load without it
    )
    off = {f"override.d/{module}.conf": "enabled = false;\n" for module in _OFF_IN_PRIVATE}
    return off | {
        "suffixes.dat": _FEW_SUFFIXES,
        "override.d/options.inc": options,
        "override.d/worker-controller.inc": "enabled = false;\n",
        "override.d/worker-fuzzy.inc": "enabled = false;\n",
        "override.d/statistic.conf": 'classifier "bayes" {\n  enabled = false;\n}\n',
    }


def folders(layout: Layout) -> None:
    for path in (layout.etc / "rspamd", layout.etc / "rspamd/local.d", layout.etc / "rspamd/override.d"):
        folder(path)
    folder(layout.state / "rspamd", "_rspamd", "_rspamd", 0o750)
    folder(layout.cache, "_rspamd", "_rspamd")
    folder(layout.log / "rspamd", "_rspamd", "_rspamd")


def command(layout: Layout) -> list[str]:
    places = {
        "LOCAL_CONFDIR": layout.etc / "rspamd",
        "DBDIR": layout.state / "rspamd",
        "RUNDIR": layout.run,
        "LOGDIR": layout.log / "rspamd",
    }
    variables = [f"--var={name}={place}" for name, place in places.items()]
    return [PROGRAM, "-f", "-u", "_rspamd", "-g", "_rspamd", *variables, "-c", "/etc/rspamd/rspamd.conf"]
