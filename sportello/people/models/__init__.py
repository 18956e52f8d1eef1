"""The nouns of `people`."""

from sportello.people.models.organisation import Organisation, OrganisationDomain
from sportello.people.models.session import SignedInSession
from sportello.people.models.team import Membership, Team
from sportello.people.models.user import Address, User

__all__ = ["Address", "Membership", "Organisation", "OrganisationDomain", "SignedInSession", "Team", "User"]
