"""Django's handle on the e-mail channel."""

from django.apps import AppConfig


class EmailConfig(AppConfig):
    name = "sportello.channels.email"
    label = "email"
