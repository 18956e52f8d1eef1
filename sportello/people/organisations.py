"""How is an organisation made and changed, and who belongs to it by the domain of their address?"""

import re
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sportello.kernel.addresses import domain_key
from sportello.kernel.rows import put
from sportello.people.models import Organisation, OrganisationDomain, User
from sportello.people.models.organisation import PUBLIC_MAIL_DOMAINS

MOST_DOMAINS = 100
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_DOMAIN = re.compile(rf"(?:{_LABEL}\.)+{_LABEL}")


@transaction.atomic
def keep_organisation(
    organisation: Organisation | None, *, domains: Iterable[str] | None = None, **columns: Any
) -> Organisation:
    """Make one, or change what is given: `name`, `note`, `shares_requests` and the whole list of mail domains.

    Customers of no organisation with an address at a new domain join. Raises ValidationError, by field.
    """
    kept = organisation or Organisation()
    put(kept, **columns)
    if domains is not None:
        _keep_domains(kept, checked_domains(domains, kept))
    return kept


def checked_domains(domains: Iterable[str], organisation: Organisation) -> list[str]:
    """The domains in the form in which they are kept. Raises ValidationError naming each that cannot be its own."""
    found = list(dict.fromkeys(domain_key(domain.strip().removeprefix("@")) for domain in domains if domain.strip()))
    taken = dict(
        OrganisationDomain.objects.filter(domain__in=[name for name in found[:MOST_DOMAINS] if _is_domain(name)])
        .exclude(organisation=organisation.pk)
        .values_list("domain", "organisation__name")
    )
    wrong = [sentence for domain in found[:MOST_DOMAINS] if (sentence := _why_not(domain, taken.get(domain)))]
    if len(found) > MOST_DOMAINS:
        text = ngettext("Name at most %(most)s domain.", "Name at most %(most)s domains.", MOST_DOMAINS)
        wrong.append(text % {"most": MOST_DOMAINS})
    if wrong:
        raise ValidationError({"domains": wrong})
    return found


def _is_domain(text: str) -> bool:
    """Whether it could be one; what could not is nothing to ask a database for."""
    return len(text) <= 253 and bool(_DOMAIN.fullmatch(text))


def _why_not(domain: str, owner: str | None) -> str:
    """In a sentence; nothing for a domain that an organisation can have."""
    if not _is_domain(domain):
        return _("%(domain)s is not a mail domain. Write it like hotel.example.") % {"domain": domain[:100]}
    if domain in PUBLIC_MAIL_DOMAINS:
        return _("Anybody can have an address at %(domain)s, so it says nothing about where they belong.") % {
            "domain": domain
        }
    if owner is not None:
        return _("%(domain)s already belongs to %(organisation)s.") % {"domain": domain, "organisation": owner}
    return ""


def _keep_domains(organisation: Organisation, domains: list[str]) -> None:
    """Whoever belongs to it by a domain that goes stays: a person says where they belong."""
    organisation.domains.exclude(domain__in=domains).delete()
    known = set(organisation.domains.values_list("domain", flat=True))
    for domain in domains:
        if domain not in known:
            _add_domain(organisation, domain)


def _add_domain(organisation: Organisation, domain: str) -> None:
    try:
        with transaction.atomic():
            organisation.domains.create(domain=domain)
    except IntegrityError:
        checked_domains([domain], organisation)  # somebody was faster by a moment: say who
        raise
    User.objects.customers().of_no_organisation().at_domain(domain).update(organisation=organisation)
