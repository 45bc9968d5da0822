from django.urls import path

from postroom.faces.web.demo import dns

urlpatterns = [path("demo/dns/<str:name>", dns.put_right, name="demo_dns")]
