"""Django's handle on `config`."""

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "sportello.config"
    label = "sportello_config"

    def ready(self) -> None:
        from sportello.config import env, logs

        logs.set_up(env.LOG_FORMAT)
