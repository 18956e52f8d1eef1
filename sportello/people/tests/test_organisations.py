"""Who belongs to an organisation, by which domain, and which domains can be one's own?"""

import pytest
from django.core.exceptions import ValidationError

from sportello.people.models import Organisation, User
from sportello.people.organisations import MOST_DOMAINS, keep_organisation
from sportello.people.testing import make_agent, make_customer, make_organisation, make_team

pytestmark = pytest.mark.django_db


def organisation_of(user: User) -> Organisation | None:
    user.refresh_from_db()
    return user.organisation


def test_customers_of_a_new_domain_join_now_and_later() -> None:
    known = make_customer("andrei@hotel.example")
    made = keep_organisation(None, name="Hotel Carpatica", domains=["Hotel.example."])
    assert organisation_of(known) == made
    assert make_customer("ilinca@hotel.example").organisation == made


def test_nobody_is_taken_from_another_organisation_nor_from_the_desk() -> None:
    other = make_organisation("Old Mill")
    moved, colleague = make_customer("a@hotel.example", organisation=other), make_agent(address="b@hotel.example")
    near = make_customer("c@grandhotel.example")
    keep_organisation(None, name="Hotel", domains=["hotel.example"])
    assert organisation_of(moved) == other
    assert organisation_of(colleague) is None
    assert organisation_of(near) is None


def test_a_domain_that_goes_takes_nobody_along() -> None:
    organisation = make_organisation("Hotel", "hotel.example")
    andrei = make_customer("andrei@hotel.example")
    keep_organisation(organisation, domains=[])
    assert organisation_of(andrei) == organisation
    assert make_customer("ilinca@hotel.example").organisation is None


def test_what_is_not_given_stays() -> None:
    organisation = make_organisation("Hotel", "hotel.example")
    keep_organisation(organisation, shares_requests=True)
    organisation.refresh_from_db()
    assert (organisation.name, organisation.shares_requests) == ("Hotel", True)
    assert organisation.domain_names == ["hotel.example"]


def test_a_domain_of_letters_beyond_ascii_is_kept_as_mail_writes_it() -> None:
    assert keep_organisation(None, name="Bücher", domains=["bücher.example"]).domain_names == ["xn--bcher-kva.example"]


@pytest.mark.parametrize(
    "domain",
    [
        "hotel",
        "-a.example",
        "a..example",
        "a b.example",
        "a@b.example",
        "a\0.example",
        "gmail.com",
        "taken.example",
        "x" * 300,
    ],
)
def test_a_domain_that_cannot_be_its_own_changes_nothing(domain: str) -> None:
    make_organisation("Old Mill", "taken.example")
    organisation = make_organisation("Hotel", "hotel.example")
    with pytest.raises(ValidationError) as refusal:
        keep_organisation(organisation, name="Grand Hotel", domains=[domain, "spa.example"])
    assert set(refusal.value.message_dict) == {"domains"}
    organisation.refresh_from_db()
    assert (organisation.name, organisation.domain_names) == ("Hotel", ["hotel.example"])


def test_domains_are_not_without_number() -> None:
    with pytest.raises(ValidationError):
        keep_organisation(None, name="Hotel", domains=[f"h{n}.example" for n in range(MOST_DOMAINS + 1)])


def test_an_organisation_needs_a_name() -> None:
    with pytest.raises(ValidationError):
        keep_organisation(None, name="  ")


def test_customers_see_no_organisations() -> None:
    organisation = make_organisation("Hotel")
    member = make_customer(organisation=organisation)
    assert not Organisation.objects.visible_to(member).exists()
    assert Organisation.objects.visible_to(make_agent(make_team())).get() == organisation


@pytest.mark.parametrize("words", ["școala", "Școala", "ȘCOALA", "ștefan", "scoala-stefan"])
def test_a_name_is_found_however_it_is_written(words: str) -> None:
    school = make_organisation("Școala Ștefan cel Mare", "scoala-stefan.example")
    make_organisation("Hotel", "hotel.example")
    assert list(Organisation.objects.matching(words)) == [school]
