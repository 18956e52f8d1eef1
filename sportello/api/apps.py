"""Django's handle on `api`."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "sportello.api"
    label = "api"
