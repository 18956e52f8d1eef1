"""Which people, teams, sessions, links? People on behalf of someone come only from `visible_to`."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Self

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from sportello.kernel.rows import in_any_case
from sportello.kernel.text import storable
from sportello.people.finding import find_people
from sportello.people.roles import RIGHTS, STAFF, Right, Role

if TYPE_CHECKING:
    from sportello.people.models import (  # noqa: F401  named in bases
        Address,
        OneTimeLink,
        Organisation,
        SignedInSession,
        Team,
        User,
    )


class UserQuerySet(QuerySet["User"]):
    def visible_to(self, user: "User") -> Self:
        """Staff see everyone but the system; a customer sees only themself."""
        if user.is_active and user.is_staff:
            return self.persons()
        return self.filter(pk=user.pk)

    def staff(self) -> Self:
        return self.filter(role__in=STAFF, is_active=True)

    def persons(self) -> Self:
        """Everybody but the system."""
        return self.exclude(role=Role.SYSTEM)

    def customers(self) -> Self:
        return self.filter(role=Role.CUSTOMER)

    def ever_administrators(self) -> Self:
        """Also those who are no longer active."""
        return self.filter(role=Role.ADMINISTRATOR)

    def who_may(self, right: Right, team_id: int) -> Self:
        """Active staff with the right in the team, administrators included."""
        roles = [role for role, rights in RIGHTS.items() if right in rights]
        member = Q(memberships__team_id=team_id, memberships__role__in=roles)
        return self.staff().filter(member | Q(role=Role.ADMINISTRATOR)).distinct()

    def who_may_in_all(self, right: Right, team_ids: Iterable[int]) -> Self:
        """Active staff with the right in each of the teams, by name."""
        found = self.staff().order_by("name")
        for team_id in team_ids:
            found = found.filter(pk__in=self.who_may(right, team_id).values("pk"))
        return found

    def administrators(self) -> Self:
        return self.filter(role=Role.ADMINISTRATOR, is_active=True)

    def everyone_of_staff(self) -> Self:
        """Also those who may not sign in any more."""
        return self.filter(role__in=STAFF).order_by("name")

    def but(self, user: "User") -> Self:
        return self.exclude(pk=user.pk)

    def of_no_organisation(self) -> Self:
        return self.filter(organisation=None)

    def at_domain(self, domain: str) -> Self:
        """Those whom we write to at this domain."""
        return self.filter(address__endswith=f"@{domain}")

    def with_organisation(self) -> Self:
        return self.select_related("organisation")

    def newest(self) -> Self:
        """The latest two hundred, for completion."""
        return self.order_by("-pk")[:200]

    def matching(self, words: str) -> Self:
        """People whose name or addresses hold every word, the last one as a beginning; without words everyone."""
        return self.filter(pk__in=find_people(words)) if words.strip() else self


class OrganisationQuerySet(QuerySet["Organisation"]):
    def visible_to(self, user: "User") -> Self:
        """For staff: what is noted about an organisation is not for its people."""
        return self if user.is_active and user.is_staff else self.none()

    def matching(self, words: str) -> Self:
        """Whose name or mail domain holds these words; without words all."""
        words = storable(words).strip()
        named = in_any_case("name__icontains", words) | Q(Exists(self._domains(domain__icontains=words)))
        return self.filter(named) if words else self

    def _domains(self, **which: str) -> QuerySet[Any]:
        from sportello.people.models import OrganisationDomain

        return OrganisationDomain.objects.filter(organisation=OuterRef("pk"), **which)

    def with_domains(self) -> Self:
        return self.prefetch_related("domains")

    def for_list(self) -> Self:
        """By name, with what a row shows: the domains, and as `size` how many people belong to it."""
        return self.with_domains().annotate(size=Count("people")).order_by("name", "pk")


class TeamQuerySet(QuerySet["Team"]):
    def visible_to(self, user: "User") -> Self:
        """For staff all; for a customer those on offer."""
        return self if user.is_active and user.is_staff else self.offered()

    def active(self) -> Self:
        return self.filter(is_active=True)

    def get_or_first(self, pk: int | None) -> "Team | None":
        """The named one, or the oldest where none is named."""
        return self.filter(pk=pk).first() if pk else self.order_by("pk").first()

    def offered(self) -> Self:
        """The counters that a customer may choose from, as topics."""
        return self.filter(is_active=True, is_offered=True)


class AddressQuerySet(QuerySet["Address"]):
    def verified(self) -> Self:
        return self.filter(verified_at__isnull=False)

    def unverified(self) -> Self:
        return self.filter(verified_at=None)

    def at(self, address: str) -> Self:
        return self.filter(address=address)

    def besides(self, address: str) -> Self:
        return self.exclude(address=address)


class SignedInSessionQuerySet(QuerySet["SignedInSession"]):
    def of_key(self, session_key: str | None) -> Self:
        return self.filter(session_key=session_key or "")

    def gone(self) -> Self:
        """Those whose browser's session has run out."""
        from django.contrib.sessions.models import Session

        kept = Session.objects.filter(session_key=OuterRef("session_key"), expire_date__gt=timezone.now())
        return self.filter(~Exists(kept))

    def but(self, session_key: str | None) -> Self:
        return self.exclude(session_key=session_key or "")


class OneTimeLinkQuerySet(QuerySet["OneTimeLink"]):
    def usable(self) -> Self:
        return self.filter(used_at=None, expires_at__gt=timezone.now())

    def expired(self) -> Self:
        return self.filter(expires_at__lte=timezone.now())

    def for_purpose(self, purpose: str) -> Self:
        return self.filter(purpose=purpose)

    def waiting_at(self, user: "User") -> Self:
        """Addresses that the person may still confirm, the latest link for each."""
        latest = self.model.objects.filter(user=user, address=OuterRef("address"), purpose="address").order_by("-id")
        usable = self.usable().filter(user=user, pk=Subquery(latest.values("pk")[:1]))
        return usable.exclude(address__in=user.addresses.verified().values("address"))
