"""The nouns of `people`."""

from sportello.people.models.brand import Brand
from sportello.people.models.one_time_link import OneTimeLink
from sportello.people.models.organisation import Organisation, OrganisationDomain
from sportello.people.models.session import SignedInSession
from sportello.people.models.team import Membership, Team
from sportello.people.models.user import Address, User

__all__ = [
    "Address",
    "Brand",
    "Membership",
    "OneTimeLink",
    "Organisation",
    "OrganisationDomain",
    "SignedInSession",
    "Team",
    "User",
]
