"""The filter `wrapping`, for long names in narrow places."""

from django import template

from postroom.faces.web.wrapping import wrapping

register = template.Library()
register.filter(wrapping)
