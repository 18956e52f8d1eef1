"""Is the demo a desk that has been at work, down to the mail that it has sent?"""

import pytest

from sportello.channels.email.models import OutgoingMail, SinkMail
from sportello.demo.loading import load
from sportello.kernel.files import read
from sportello.people.models import User

pytestmark = pytest.mark.django_db


def test_what_was_sent_lies_in_the_sink_at_the_time_when_it_was_said() -> None:
    load()
    sent = OutgoingMail.objects.filter(state=OutgoingMail.State.SENT)
    assert sent.filter(purpose="reply").exists()
    assert set(SinkMail.objects.values_list("outgoing_id", flat=True)) == set(sent.values_list("pk", flat=True))
    assert not OutgoingMail.objects.exclude(state=OutgoingMail.State.SENT).exists()
    reply = SinkMail.objects.get(outgoing__purpose="reply", subject__contains="Thermostats offline")
    assert b"andrei@hotel-carpatica.example" in read(reply.raw)
    assert (
        reply.outgoing.message is not None and reply.at == reply.outgoing.message.created_at == reply.outgoing.sent_at
    )
    times = list(SinkMail.objects.order_by("id").values_list("at", flat=True))
    assert times == sorted(times)


def test_everybody_has_confirmed_their_address() -> None:
    load()
    assert User.objects.exclude(role="system").exists()
    assert not User.objects.exclude(role="system").filter(addresses__verified_at=None).exists()
