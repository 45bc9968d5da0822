from django.urls import path

from postroom.faces.web.account import about, addresses, api_keys, passkeys, security

urlpatterns = [
    path("account/", about.account, name="account"),
    path("account/addresses/new/", addresses.new, name="account_address_new"),
    path("account/addresses/confirm/<str:token>/", addresses.confirm, name="account_address_confirm"),
    path("account/addresses/<int:id>/main/", addresses.make_main, name="account_address_main"),
    path("account/addresses/<int:id>/remove/", addresses.remove, name="account_address_remove"),
    path("account/addresses/waiting/<int:id>/withdraw/", addresses.withdraw, name="account_address_withdraw"),
    path("account/security/", security.security, name="account_security"),
    path("account/password/", security.password, name="account_password"),
    path("account/authenticator/", security.authenticator, name="account_authenticator"),
    path("account/authenticator/remove/", security.authenticator_remove, name="account_authenticator_remove"),
    path("account/recovery-codes/", security.recovery_codes, name="account_recovery_codes"),
    path("account/passkeys/new/", passkeys.new, name="account_passkey_new"),
    path("account/passkeys/<int:id>/remove/", passkeys.remove, name="account_passkey_remove"),
    path("account/sign-out-everywhere/", security.everywhere, name="account_everywhere"),
    path("account/api-keys/", api_keys.listed, name="account_keys"),
    path("account/api-keys/new/", api_keys.new, name="account_key_new"),
    path("account/api-keys/<int:id>/revoke/", api_keys.revoke, name="account_key_revoke"),
]
