"""Django's handle on the desk."""

from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "sportello.desk"
    label = "desk"

    def ready(self) -> None:
        from django.utils.translation import gettext_lazy as _

        from sportello.people.policy import can_administer, can_use_desk
        from sportello.ui.navigation import Place, register_link, register_place
        from sportello.ui.problem_pages import register_problem_page

        register_place(Place("tickets", _("Tickets"), icon="inbox", url_name="desk:home", order=10))
        register_place(Place("people", _("People"), icon="team", url_name="desk:people", order=20))
        register_place(Place("mail", _("Mail"), icon="mail", url_name="desk:mail", order=30, allowed=can_administer))
        register_place(
            Place(
                "settings", _("Settings"), icon="settings", url_name="desk:settings", order=110, allowed=can_administer
            )
        )
        register_link("palette", "desk:palette")
        register_link("live", "desk:live")
        for prefix in ("/desk/", "/account/"):
            register_problem_page(prefix, "desk/problem.html", allowed=can_use_desk)
