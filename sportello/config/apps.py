"""Django's handle on `config`."""

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "sportello.config"
    label = "sportello_config"
