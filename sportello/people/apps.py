"""Django's handle on `people`."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "sportello.people"
    label = "people"
