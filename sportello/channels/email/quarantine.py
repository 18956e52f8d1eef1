"""What happens to mail that could not be read? It waits, visible, until somebody lets it be read again."""

from django.db import transaction

from sportello.channels.email.models import InboundMail
from sportello.kernel.jobs import enqueue_now


@transaction.atomic
def retry(inbound: InboundMail) -> None:
    """Read it again, as if it had just arrived, also while a next attempt is planned for later."""
    from sportello.channels.email.jobs import read_mail

    InboundMail.objects.filter(pk=inbound.pk, state=InboundMail.State.QUARANTINED).update(
        state=InboundMail.State.RECEIVED
    )
    enqueue_now(read_mail, f"read-mail-{inbound.pk}", inbound.pk)
