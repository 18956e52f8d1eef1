"""Django's handle on `portal`."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "sportello.portal"
    label = "portal"
