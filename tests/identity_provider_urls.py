"""The pages of the identity provider in tests/identity_provider.py, and what it tells about its users."""

from django.contrib.auth import authenticate, login
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import include, path
from oauth2_provider.oauth2_validators import OAuth2Validator

from tests.identity_provider import USERS


class Validator(OAuth2Validator):
    def get_additional_claims(self, request):
        return USERS[request.user.get_username()]


def sign_in(request):
    """A form without a page: the test fills it in."""
    user = authenticate(request, username=request.GET["user"], password=request.GET["password"])
    if user is None:
        return HttpResponse("no", status=401)
    login(request, user)
    return HttpResponseRedirect(request.GET["next"])


urlpatterns = [
    path("login/", sign_in),
    path("o/", include("oauth2_provider.urls", namespace="oauth2_provider")),
]
