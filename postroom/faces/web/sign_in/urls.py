from django.urls import path

from postroom.faces.web.sign_in import invitation, leaving, passkey, passwords, provider

urlpatterns = [
    path("sign-in/", passwords.sign_in, name="sign_in"),
    path("sign-in/code/", passwords.code, name="sign_in_code"),
    path("sign-in/passkey/", passkey.passkey, name="sign_in_passkey"),
    path("sign-in/provider/", provider.away, name="sign_in_provider"),
    path("sign-in/provider/failed/", provider.failed, name="sign_in_provider_failed"),
    path("sign-out/", leaving.sign_out, name="sign_out"),
    path("invitations/<str:token>", invitation.invitation, name="invitation"),
]
