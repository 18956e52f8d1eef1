"""Who is meant by a part of a name or address? The words index answers: it costs the same with more people."""

from typing import TYPE_CHECKING

from sportello.kernel.search import find, index

if TYPE_CHECKING:
    from sportello.people.models.user import User

KIND = "person"
SCOPE = 0
MOST = 1_000


def index_person(user: "User") -> None:
    """Let the person be found by their name and every address as they are now."""
    addresses = user.addresses.values_list("address", flat=True)
    # containers are numbered together with tickets: people count downwards
    index(KIND, user.pk, container=-user.pk, scope=SCOPE, text=" \n".join([user.name, *addresses]))


def find_people(words: str, *, limit: int = MOST) -> list[int]:
    """Ids of the newest people whose name or addresses hold all words, the last one as a beginning."""
    return [hit.ref for hit in find(words, scopes=[SCOPE], kinds=[KIND], limit=limit)]
