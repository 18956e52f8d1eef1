"""Django's handle on the e-mail channel."""

from django.apps import AppConfig


class EmailConfig(AppConfig):
    name = "sportello.channels.email"
    label = "email"

    def ready(self) -> None:
        from sportello.channels import delivery, outgoing
        from sportello.channels.email import reactions  # noqa: F401  registers itself
        from sportello.channels.email.deliveries import states_of
        from sportello.channels.email.models import Mailbox
        from sportello.channels.email.outbox import queue_account_mail
        from sportello.tickets import copies

        outgoing.deliver_with(queue_account_mail)
        delivery.report_with(states_of)
        copies.ours_are(Mailbox.objects.among)
