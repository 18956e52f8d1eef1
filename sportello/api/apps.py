"""Django's handle on `api`."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "sportello.api"
    label = "api"

    def ready(self) -> None:
        from sportello.ui.navigation import register_link

        register_link("tokens", "tokens:tokens")
