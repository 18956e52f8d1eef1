"""Django's handle on `portal`."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "sportello.portal"
    label = "portal"

    def ready(self) -> None:
        from sportello.portal.access import absolute_link
        from sportello.tickets.links import build_links_with
        from sportello.ui.navigation import register_link
        from sportello.ui.problem_pages import register_problem_page

        build_links_with(absolute_link)
        register_link("home", "portal:home")
        register_link("requests", "portal:requests")
        register_problem_page("/", "portal/problem.html")
