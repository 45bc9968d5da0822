from django.urls import path

from postroom.faces.web.own import (
    app_passwords,
    auto_reply,
    details,
    devices,
    forward,
    overview,
    password,
    senders,
)

urlpatterns = [
    path("my/", overview.overview, name="my"),
    path("my/forward/", forward.forward, name="my_forward"),
    path("my/auto-reply/", auto_reply.auto_reply, name="my_auto_reply"),
    path("my/senders/", senders.senders, name="my_senders"),
    path("my/senders/remove/", senders.remove, name="my_sender_remove"),
    path("my/devices/", devices.devices, name="my_devices"),
    path("my/devices/apple.mobileconfig", devices.profile, name="my_devices_apple"),
    path("my/app-passwords/", app_passwords.listed, name="my_app_passwords"),
    path("my/app-passwords/new/", app_passwords.new, name="my_app_password_new"),
    path("my/app-passwords/delete/", app_passwords.delete, name="my_app_password_delete"),
    path("my/password/", password.password, name="my_password"),
    path("my/details/", details.details, name="my_details"),
]
