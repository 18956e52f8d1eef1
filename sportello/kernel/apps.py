"""The ground that knows no business word: facts, jobs, live updates, search, files."""

from django.apps import AppConfig


class KernelConfig(AppConfig):
    name = "sportello.kernel"
    label = "kernel"
