"""Django's settings, read from the environment once and refused loudly when they make no sense.

Every secret can also be given as a file: NAME_FILE holds the path (for systemd credentials and containers).
"""

import os
import re
from pathlib import Path
from urllib.parse import quote

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

from postroom.core.outside import Network, networks

BASE_DIR = Path(__file__).resolve().parent


def text(name: str, default: str = "") -> str:
    path = os.environ.get(f"{name}_FILE")
    if not path:
        return os.environ.get(name, default)
    try:
        return Path(path).read_text().strip()
    except OSError as error:
        raise ImproperlyConfigured(f"{name}_FILE: {path}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise ImproperlyConfigured(f"{name}_FILE: {path} is not text") from None


def whole_number(name: str, default: int, *, lowest: int, highest: int) -> int:
    written = text(name, str(default))
    if not written.isdecimal() or not lowest <= int(written) <= highest:
        raise ImproperlyConfigured(f"{name} is {written!r}; it must be a whole number from {lowest} to {highest}")
    return int(written)


def switch(name: str, default: bool) -> bool:
    written = text(name, "on" if default else "off").lower()
    if written not in {"on", "off"}:
        raise ImproperlyConfigured(f"{name} is {written!r}; it must be on or off")
    return written == "on"


def network_list(name: str) -> tuple[Network, ...]:
    try:
        return networks(text(name).split())
    except ValueError as error:
        raise ImproperlyConfigured(f"{name}: {error}") from None


def rates(name: str, default: str) -> tuple[tuple[int, int], ...]:
    """(how many, in how many seconds): "20/minute 150/hour"; "off": no limit."""
    written = text(name, default).lower()
    found = [_RATE.fullmatch(one) for one in written.split() if written != "off"]
    if not all(found) or not written:
        raise ImproperlyConfigured(f"{name} is {written!r}; it must be like 20/minute 150/hour, or off")
    return tuple((int(rate[1]), _SECONDS[rate[2]]) for rate in found if rate)


def one_of(name: str, choices: tuple[str, ...]) -> str:
    """The first one where nothing is said."""
    written = text(name, choices[0])
    if written not in choices:
        raise ImproperlyConfigured(f"{name} is {written!r}; it must be {' or '.join(choices)}")
    return written


_SECONDS = {"second": 1, "minute": 60, "hour": 3600, "day": 86_400}
_RATE = re.compile(rf"([1-9][0-9]{{0,8}})/({'|'.join(_SECONDS)})")

DATA_DIR = Path(text("POSTROOM_DIR", "demo")).absolute()
DATABASE_URL = text("DATABASE_URL") or "sqlite:///" + quote(str(DATA_DIR / "postroom.sqlite3"))

# Without a secret nothing that must be secret can be made; `postroom check` says so (postroom/checks.py).
SECRET_KEY = text("POSTROOM_SECRET_KEY") or "unset-" + os.urandom(16).hex()
SECRET_KEY_IS_SET = bool(text("POSTROOM_SECRET_KEY"))

DEBUG = False
ALLOWED_HOSTS = text("POSTROOM_HOSTS", "localhost 127.0.0.1 [::1]").split()

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "postroom.store.apps.StoreConfig",
    "postroom.faces.web",
    "postroom.faces.oidc_provider",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "postroom.faces.web.large_bodies.refuse",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "postroom.urls"
WSGI_APPLICATION = "postroom.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": ["django.template.context_processors.request"]},
    }
]

if not DATABASE_URL.startswith(("postgresql://", "postgres://", "sqlite://")):
    raise ImproperlyConfigured("DATABASE_URL must be like postgresql://user@host/name; unset, it is SQLite")
_database = dj_database_url.parse(DATABASE_URL)
IS_SQLITE = _database["ENGINE"].endswith("sqlite3")
if IS_SQLITE:
    # Writers wait in line instead of failing half-way: IMMEDIATE takes the write lock at BEGIN.
    _database["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        # Django converts what it reads by the model's fields; looking at the columns' types as well costs a tenth
        # of a call.
        "detect_types": 0,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-65536;",
    }
else:
    # Measured: the server's CPU a query halves with binding and preparation on the server's side.
    # Prepared at the second use, not the first: migrations send several commands at once, which cannot be prepared.
    _database["OPTIONS"] = {"server_side_binding": True, "prepare_threshold": 1}
# One connection a thread for its life: the number of threads is fixed, so the number of connections is too.
_database["CONN_MAX_AGE"] = None  # None means "for ever" to Django
DATABASES = {"default": _database}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "store.Person"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
_IS_SECURE = text("POSTROOM_URL").lower().startswith("https://")
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _IS_SECURE
# Programs in the browser read it and send it back as X-CSRFToken (people.md section 1). It opens nothing by itself.
CSRF_COOKIE_HTTPONLY = False
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("fr", "Français")]
# A catalogue for each folder of pages, so that a part's words are beside each other.
_LOCALE = BASE_DIR / "faces" / "web" / "locale"
LOCALE_PATHS = [_LOCALE, *sorted(folder for folder in _LOCALE.iterdir() if folder.is_dir() and folder.name != "fr")]
FORMAT_MODULE_PATH = "postroom.faces.web.formats"
LANGUAGE_COOKIE_NAME = "postroom_language"
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
USE_TZ = True
TIME_ZONE = "UTC"
STATIC_URL = "/static/"
CSRF_FAILURE_VIEW = "postroom.faces.web.error_pages.forged"

_LOG_LEVEL = text("POSTROOM_LOG_LEVEL", "INFO").upper()
if _LOG_LEVEL not in {"DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"}:
    raise ImproperlyConfigured("POSTROOM_LOG_LEVEL must be DEBUG, INFO, WARNING, ERROR or CRITICAL")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": _LOG_LEVEL},
}

# --- Postroom's own ---------------------------------------------------------------------------------

# A quota up to this number is read as megabytes, a larger one as bytes (docs/decisions/005-quota-units.md).
QUOTA_MEGABYTES_UP_TO = whole_number("POSTROOM_QUOTA_MEGABYTES_UP_TO", 1_048_576, lowest=0, highest=10**12)
# The control surface of the fake platform under /fake/: for developers, never on a public server.
FAKE_CONTROL = switch("POSTROOM_FAKE_CONTROL", False)
# Deleted domains and mailboxes can be restored for this many days.
RESTORE_DAYS = whole_number("POSTROOM_RESTORE_DAYS", 30, lowest=1, highest=3650)
# How long a password that was verified once is believed without hashing again; at most five minutes.
CREDENTIAL_CACHE_SECONDS = whole_number("POSTROOM_CREDENTIAL_CACHE_SECONDS", 300, lowest=0, highest=300)
# Threads of a server process: `postroom serve` says so here. Checking passwords never takes all of them.
SERVER_THREADS = whole_number("POSTROOM_SERVER_THREADS", 4, lowest=1, highest=256)
# The largest body of an API request, in bytes.
LARGEST_BODY = whole_number("POSTROOM_LARGEST_BODY", 2 * 1024 * 1024, lowest=1024, highest=64 * 1024 * 1024)
DATA_UPLOAD_MAX_MEMORY_SIZE = LARGEST_BODY
# How often REST may be asked to change something: by one person or API key, and from one network address.
REST_WRITES = rates("POSTROOM_REST_WRITES", "600/minute 10000/hour")
REST_WRITES_OF_NETWORK = rates("POSTROOM_REST_WRITES_OF_NETWORK", "1200/minute 20000/hour")
# How often a person or key may search people: as quick as typing, too slow to copy a directory.
REST_SEARCHES = rates("POSTROOM_REST_SEARCHES", "60/minute 1000/hour")
# How often a network address may try what needs no sign-in, such as links that set a password.
REST_ANONYMOUS = rates("POSTROOM_REST_ANONYMOUS", "60/minute 600/hour")
# Addresses of reverse proxies whose X-Forwarded-For is believed.
TRUSTED_PROXIES = frozenset(text("POSTROOM_TRUSTED_PROXIES").split())
# Where people reach this server, for links: https://postroom.example. Without it, what the request was sent to.
PUBLIC_URL = text("POSTROOM_URL").rstrip("/")
# The webmail of the mailboxes, for links in e-mails; empty: none.
WEBMAIL_URL = text("POSTROOM_WEBMAIL_URL").rstrip("/")
# The company in which people's own domains are; made when it is needed first.
PEOPLE_COMPANY = text("POSTROOM_PEOPLE_COMPANY", "people").strip().lower()
# How long an invitation can be accepted.
INVITATION_SECONDS = whole_number("POSTROOM_INVITATION_SECONDS", 7 * 86_400, lowest=60, highest=366 * 86_400)
# How many may be sent for one domain, for one that nobody has proved to be theirs yet, and to one address.
INVITATIONS_PROVED = rates("POSTROOM_INVITATIONS", "100/hour 300/day")
INVITATIONS_UNPROVED = rates("POSTROOM_INVITATIONS_UNPROVED", "10/day")
INVITATIONS_TO_ONE = rates("POSTROOM_INVITATIONS_TO_ONE", "5/hour 20/day")
# How long a domain that somebody has added is held for them until DNS proves it, and how many of one person.
CLAIM_SECONDS = whole_number("POSTROOM_CLAIM_SECONDS", 7 * 86_400, lowest=3600, highest=366 * 86_400)
CLAIMS_AT_ONCE = whole_number("POSTROOM_CLAIMS_AT_ONCE", 10, lowest=0, highest=10_000)
# How long and how often the link to set a mailbox's password opens.
LINK_SECONDS = whole_number("POSTROOM_LINK_SECONDS", 3600, lowest=60, highest=31 * 86_400)
LINK_USES = whole_number("POSTROOM_LINK_USES", 3, lowest=1, highest=100)
# Mail a temporary password in place of a link: for sites that did it always. A link is safer.
SEND_PASSWORDS = switch("POSTROOM_SEND_PASSWORDS", False)
# Sign-in of people by an OpenID provider; without an issuer there is none.
OIDC_ISSUER = text("POSTROOM_OIDC_ISSUER").rstrip("/")
OIDC_CLIENT_ID = text("POSTROOM_OIDC_CLIENT_ID")
OIDC_CLIENT_SECRET = text("POSTROOM_OIDC_CLIENT_SECRET")
OIDC_SCOPES = text("POSTROOM_OIDC_SCOPES", "openid email profile").split()
# Believe e-mail addresses of a provider that does not say whether it has verified them, as ProConnect does not.
OIDC_TRUST_EMAILS = switch("POSTROOM_OIDC_TRUST_EMAILS", False)
# The server that takes Postroom's own e-mails. Without one they are held: `postroom outbox` shows them.
SMTP_HOST = text("POSTROOM_SMTP_HOST")
SMTP_PORT = whole_number("POSTROOM_SMTP_PORT", 587, lowest=1, highest=65535)
SMTP_USER = text("POSTROOM_SMTP_USER")
SMTP_PASSWORD = text("POSTROOM_SMTP_PASSWORD")
SMTP_STARTTLS = switch("POSTROOM_SMTP_STARTTLS", True)  # port 465 is encrypted from the start, whatever this says
# Who they come from, such as "Acme Mail <post@acme.example>"; failures are reported to the address.
MAIL_FROM = text("POSTROOM_MAIL_FROM", "Postroom <postroom@localhost>")
# Mail is copied from servers on the internet only; also from these networks, say a company's own: 10.1.0.0/16 fd00::/8
COPY_ALLOWED_NETWORKS = network_list("POSTROOM_COPY_ALLOWED_NETWORKS")
# How many domains a worker checks at the same time: nearly all the while it waits for somebody's name servers.
CHECK_THREADS = whole_number("POSTROOM_CHECK_THREADS", 16, lowest=1, highest=256)
# How many mailboxes a worker copies at the same time; 0: none.
COPY_THREADS = whole_number("POSTROOM_COPY_THREADS", 2, lowest=0, highest=64)
# The largest message that is copied, in bytes. A worker holds a few times this in memory, once for each thread.
COPY_LARGEST_MESSAGE = whole_number("POSTROOM_COPY_LARGEST_MESSAGE", 50 * 1024 * 1024, lowest=1024, highest=2**30)
# The dimail face (docs/dimail.md). Its first settings are called as dimail calls them. FAKE: for developers of other
# programs; whoever comes first is let in as an administrator.
DIMAIL_FAKE = one_of("DIMAIL_MODE", ("real", "FAKE")) == "FAKE"
# Signs its tokens. Without one it gives and takes none.
DIMAIL_JWT_SECRET = text("DIMAIL_JWT_SECRET")
# Let the first account be made over HTTP by anybody, as dimail does; else the command line makes it.
DIMAIL_BOOTSTRAP = one_of("DIMAIL_BOOTSTRAP", ("false", "true")) == "true"
# The company in which domains are made by it; made when it is needed first.
DIMAIL_COMPANY = text("POSTROOM_DIMAIL_COMPANY", "dimail").strip().lower()
# How it refuses a display name that is taken: People understands only 500, and then asks who has it.
DIMAIL_DUPLICATE_NAMES = int(one_of("POSTROOM_DIMAIL_DUPLICATE_NAMES", ("500", "409")))
