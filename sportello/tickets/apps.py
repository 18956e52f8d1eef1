"""Django's handle on `tickets`."""

from django.apps import AppConfig


class TicketsConfig(AppConfig):
    name = "sportello.tickets"
    label = "tickets"

    def ready(self) -> None:
        from sportello.tickets import reactions  # noqa: F401  registers itself
