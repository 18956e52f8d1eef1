"""How does a new colleague get in? By a mail with a link, by which they choose a password."""

from django.db import transaction

from sportello.account.jobs import mail_invitation
from sportello.people.models import User
from sportello.people.staffing import Post, keep_colleague


@transaction.atomic
def take_on(post: Post) -> User:
    """Raises ValidationError, by field."""
    person = keep_colleague(None, post)
    if person.is_active:
        mail_invitation.enqueue(person.pk)
    return person
