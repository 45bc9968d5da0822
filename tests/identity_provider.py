"""A real identity provider (Django OAuth Toolkit) as a process of its own: python -m tests.identity_provider PORT DIR

It is another's code than our client's. It insists on PKCE with S256, and signs with RS256.
"""

import os
import sys
from pathlib import Path
from wsgiref.simple_server import WSGIRequestHandler, make_server

CLIENT_ID, CLIENT_SECRET = "postroom", "secret of the client / ü"
PASSWORD = "quilt-marmot"
# User → claims.
USERS = {
    "pia": {"email": "Pia@people.test", "email_verified": True, "name": "Pia Brandt", "locale": "fr-FR"},
    "pias-double": {"email": "pia@people.test", "email_verified": True, "name": "Not Pia"},
    "mallory": {"email": "olga@people.test", "email_verified": False, "name": "Mallory"},
    "nina": {"email": "nina@people.test", "name": "Nina"},
    "uma": {"email": "uma@acme.example", "email_verified": True, "given_name": "Uma", "family_name": "Iversen"},
}


def settings(port: int, dir: Path, key: str) -> dict:
    return {
        "SECRET_KEY": "of the identity provider",
        "ALLOWED_HOSTS": ["127.0.0.1"],
        "ROOT_URLCONF": "tests.identity_provider_urls",
        "DATABASES": {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": str(dir / "idp.sqlite3")}},
        "DEFAULT_AUTO_FIELD": "django.db.models.BigAutoField",
        "USE_TZ": True,
        "SESSION_COOKIE_NAME": "idp_session",
        "PASSWORD_HASHERS": ["django.contrib.auth.hashers.MD5PasswordHasher"],
        "INSTALLED_APPS": [
            "django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions", "oauth2_provider",
        ],
        "MIDDLEWARE": [
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
        ],
        "LOGIN_URL": "/login/",
        "OAUTH2_PROVIDER": {
            "OIDC_ENABLED": True,
            "OIDC_ISS_ENDPOINT": f"http://127.0.0.1:{port}/o",
            "OIDC_RSA_PRIVATE_KEY": key,
            "OIDC_RP_INITIATED_LOGOUT_ENABLED": True,
            "OIDC_RP_INITIATED_LOGOUT_ALWAYS_PROMPT": False,
            "OAUTH2_VALIDATOR_CLASS": "tests.identity_provider_urls.Validator",
            "SCOPES": {"openid": "who", "email": "address", "profile": "name"},
            "PKCE_REQUIRED": True,
            "COMPLIANT_BCP_RFC9700_PKCE_METHOD": True,
            "COMPLIANT_BCP_RFC9700_AUTHZ_RESPONSE_ISS": True,
        },
    }  # fmt: skip


def fill(callback: str) -> None:
    from django.contrib.auth.models import User
    from django.core.management import call_command
    from oauth2_provider.models import Application

    call_command("migrate", verbosity=0)
    for name in USERS:
        User.objects.create_user(name, password=PASSWORD)
    Application.objects.create(
        client_id=CLIENT_ID,
        client_secret=CLIENT_SECRET,
        client_type="confidential",
        authorization_grant_type="authorization-code",
        redirect_uris=callback,
        post_logout_redirect_uris=callback.replace("callback", "logout-callback"),
        algorithm="RS256",
        skip_authorization=True,
    )


class Silent(WSGIRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


def main(port: int, dir: Path, callback: str) -> None:
    os.environ["OAUTHLIB_INSECURE_TRANSPORT"] = "1"  # on this machine only
    import django
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import rsa
    from django.conf import settings as configuration
    from django.core.wsgi import get_wsgi_application

    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    configuration.configure(**settings(port, dir, pem.decode()))
    django.setup()
    fill(callback)
    with make_server("127.0.0.1", port, get_wsgi_application(), handler_class=Silent) as server:
        (dir / "ready").touch()
        server.serve_forever()


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])
