"""Django's handle on `account`."""

from django.apps import AppConfig


class AccountConfig(AppConfig):
    name = "sportello.account"
    label = "account"
