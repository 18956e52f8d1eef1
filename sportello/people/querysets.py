"""Which people? Rows on behalf of someone come only from `visible_to`."""

from typing import TYPE_CHECKING, Self

from django.db.models import Q, QuerySet

from sportello.people.roles import RIGHTS, STAFF, Right, Role

if TYPE_CHECKING:
    from sportello.people.models.user import User


class UserQuerySet(QuerySet["User"]):
    def visible_to(self, user: "User") -> Self:
        """Staff see everyone but the system; a customer sees only themself."""
        if user.is_active and user.is_staff:
            return self.exclude(role=Role.SYSTEM)
        return self.filter(pk=user.pk)

    def staff(self) -> Self:
        return self.filter(role__in=STAFF, is_active=True)

    def customers(self) -> Self:
        return self.filter(role=Role.CUSTOMER)

    def who_may(self, right: Right, team_id: int) -> Self:
        """Active staff with the right in the team, administrators included."""
        roles = [role for role, rights in RIGHTS.items() if right in rights]
        member = Q(memberships__team_id=team_id, memberships__role__in=roles)
        return self.staff().filter(member | Q(role=Role.ADMINISTRATOR)).distinct()

    def matching(self, words: str) -> Self:
        """People whose name or one of whose addresses contains every word."""
        found = self
        for word in words.split()[:8]:
            found = found.filter(Q(name__icontains=word) | Q(addresses__address__icontains=word.lower()))
        return found.distinct()
