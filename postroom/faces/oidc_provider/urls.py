from django.urls import URLPattern, path

from postroom.faces.oidc_provider import sign_in, views

urlpatterns: list[URLPattern] = [
    path("o/.well-known/openid-configuration", views.configuration, name="oidc_configuration"),
    path("o/.well-known/jwks.json", views.jwks, name="oidc_jwks"),
    path("o/authorize/", views.authorize, name="oidc_authorize"),
    path("o/token/", views.token, name="oidc_token"),
    path("o/userinfo/", views.userinfo, name="oidc_userinfo"),
    path("o/logout/", views.sign_out, name="oidc_logout"),
    path("login", sign_in.page, name="oidc_sign_in"),
    path("api/v1.0/login/", sign_in.json_call, name="oidc_login"),
]
