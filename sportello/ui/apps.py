"""Django's handle on `ui`."""

from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "sportello.ui"
    label = "ui"

    def ready(self) -> None:
        from sportello.ui.forms import say_limits_in_our_words

        say_limits_in_our_words()
