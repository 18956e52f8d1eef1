"""Django's handle on `api`."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "sportello.api"
    label = "api"

    def ready(self) -> None:
        from sportello.api.models import Token
        from sportello.people.passwords import ends_with_the_password
        from sportello.ui.navigation import register_link

        ends_with_the_password(lambda user: Token.objects.visible_to(user).in_force())
        register_link("tokens", "tokens:tokens")
