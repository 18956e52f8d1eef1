"""Django's handle on `account`."""

from django.apps import AppConfig


class AccountConfig(AppConfig):
    name = "sportello.account"
    label = "account"

    def ready(self) -> None:
        from sportello.account.brand import firm
        from sportello.account.jobs import mail_invitation
        from sportello.people import staffing
        from sportello.ui import navigation
        from sportello.ui.brand import register_brand

        register_brand(firm)
        staffing.invite_by(mail_invitation.enqueue)
        navigation.register_link("sign_in", "account:sign_in")
        navigation.register_link("sign_out", "account:sign_out")
        navigation.register_link("language", "account:language")
        navigation.register_link("look", "account:look")
        navigation.register_link("me", "account:me")
