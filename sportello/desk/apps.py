"""Django's handle on `desk`."""

from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "sportello.desk"
    label = "desk"
