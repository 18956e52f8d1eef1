"""Which firm or office does a person belong to?"""

from django.db import models

from sportello.kernel.addresses import address_key
from sportello.people.querysets import OrganisationQuerySet

PUBLIC_MAIL_DOMAINS = frozenset(
    [
        "gmail.com",
        "googlemail.com",
        "outlook.com",
        "hotmail.com",
        "live.com",
        "yahoo.com",
        "icloud.com",
        "me.com",
        "libero.it",
        "virgilio.it",
        "tiscali.it",
        "alice.it",
        "pec.it",
        "legalmail.it",
        "yahoo.it",
        "yahoo.ro",
        "gmx.net",
        "gmx.de",
        "web.de",
        "proton.me",
        "protonmail.com",
        "fastmail.com",
        "aol.com",
        "mail.ru",
        "qq.com",
        "163.com",
    ]
)


class Organisation(models.Model):
    name = models.CharField(max_length=200)
    note = models.TextField(blank=True)
    shares_requests = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name

    @property
    def domain_names(self) -> list[str]:
        return sorted(owned.domain for owned in self.domains.all())


class OrganisationDomain(models.Model):
    """A mail domain whose writers belong to the organisation. Lower case."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="domains")
    domain = models.CharField(max_length=253, unique=True)

    def __str__(self) -> str:
        return self.domain


def organisation_of_address(address: str) -> Organisation | None:
    """The organisation that owns the address's domain; never by a public mail provider's domain."""
    domain = address_key(address).rpartition("@")[2]
    if domain in PUBLIC_MAIL_DOMAINS:
        return None
    owned = OrganisationDomain.objects.filter(domain=domain).select_related("organisation").first()
    return owned.organisation if owned else None
