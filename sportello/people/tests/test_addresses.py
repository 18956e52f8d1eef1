"""Who is it that writes? Addresses, organisations, and finding people by a part of a name."""

import pytest
from django.db import IntegrityError, transaction

from sportello.kernel.addresses import address_key
from sportello.people.models import Address, Brand, User
from sportello.people.models.organisation import organisation_of_address
from sportello.people.models.user import clean_name
from sportello.people.roles import Role
from sportello.people.testing import make_agent, make_customer, make_organisation

pytestmark = pytest.mark.django_db


def test_an_address_is_the_same_in_any_case() -> None:
    ana = make_customer("Ana.Ionescu@Example.COM")
    assert ana.address == "ana.ionescu@example.com"
    assert User.objects.at_address(" ANA.ionescu@example.com ") == ana
    assert User.objects.get_by_natural_key("ANA.IONESCU@EXAMPLE.COM") == ana


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("mail@Bücher.example", "mail@xn--bcher-kva.example"),
        ("mail@xn--bcher-kva.example", "mail@xn--bcher-kva.example"),
        ("jose\u0301@example.com", "josé@example.com"),
        ("a\0b@example.com", "ab@example.com"),
        ("ana@example.com.", "ana@example.com"),
        ("ana@[192.0.2.1]", "ana@[192.0.2.1]"),
        ("no address", "no address"),
        ("\ud800@example.com", "@example.com"),
    ],
)
def test_spellings_of_one_mailbox_have_one_key(written: str, kept: str) -> None:
    assert address_key(written) == kept
    assert User.objects.at_address(written) is None


def test_the_same_mailbox_in_unicode_and_punycode_is_one_person() -> None:
    assert User.objects.at_address("mail@xn--bcher-kva.example") is None
    buch = make_customer("mail@bücher.example")
    assert User.objects.at_address("mail@xn--bcher-kva.example") == buch


def test_a_person_is_known_by_each_of_their_addresses() -> None:
    ana = make_customer("ana@example.com")
    ana.add_address("Ana@Work.Example")
    assert User.objects.at_address("ana@work.example") == ana


def test_an_address_belongs_to_one_person_only() -> None:
    make_customer("ana@example.com")
    other = make_customer("bogdan@example.com")
    with pytest.raises(IntegrityError), transaction.atomic():
        other.add_address("ANA@example.com")
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create_user("Ana@Example.com")


def test_a_stranger_becomes_a_customer_once() -> None:
    first = User.objects.at_address_or_new("New@Example.com", "New Person", "ro")
    assert (first.role, first.language, first.name) == (Role.CUSTOMER, "ro", "New Person")
    assert User.objects.at_address_or_new("new@example.com", "Other name") == first
    assert User.objects.get(pk=first.pk).name == "New Person"


def test_the_primary_address_is_one_of_the_persons_own() -> None:
    ana, bogdan = make_customer("ana@example.com"), make_customer("bogdan@example.com")
    ana.make_primary(ana.add_address("ana@work.example"))
    assert User.objects.get(pk=ana.pk).address == "ana@work.example"
    with pytest.raises(ValueError, match="someone else"):
        ana.make_primary(Address.objects.get(user=bogdan))


def test_a_confirmed_address_keeps_its_first_moment() -> None:
    ana = make_customer("ana@example.com")
    ana.confirm_address("ANA@example.com")
    first = ana.addresses.get().verified_at
    assert first is not None
    ana.confirm_address("ana@example.com")
    assert ana.addresses.get().verified_at == first


def test_owning_an_address_adds_or_confirms_it() -> None:
    ana = make_customer("ana@example.com")
    ana.own("Ana@example.com")
    ana.own("ana@work.example")
    assert {a.address: a.verified_at is not None for a in ana.addresses.all()} == {
        "ana@example.com": True,
        "ana@work.example": True,
    }


def test_a_name_is_one_clean_line() -> None:
    assert clean_name(" Ana\r\nBcc: x@example.com \0 ") == "Ana Bcc: x@example.com"
    assert make_customer(name="A\0na\ud800").name == "A na"
    assert len(make_customer(name="x" * 5000).name) == 200


def test_people_join_the_organisation_of_their_domain() -> None:
    hotel = make_organisation("Hotel Carpatica", "carpatica.example")
    assert make_customer("Recepția@Carpatica.Example").organisation == hotel
    assert make_customer("ana@other.example").organisation is None


@pytest.mark.parametrize("domain", ["gmail.com", "libero.it", "pec.it", "yahoo.ro", "GMAIL.com"])
def test_nobody_joins_an_organisation_by_a_public_mail_domain(domain: str) -> None:
    make_organisation("Claims too much", domain.lower())
    assert organisation_of_address(f"ana@{domain}") is None
    assert make_customer(f"ana@{domain}").organisation is None


def test_an_address_without_a_domain_has_no_organisation() -> None:
    assert organisation_of_address("nonsense") is None


def test_people_are_found_by_parts_of_name_and_address() -> None:
    ana = make_customer("ana.ionescu@carpatica.example", "Ana Ionésçu")
    make_customer("bogdan@example.com", "Bogdan Pop")
    for words in ("iones", "ANA", "ana ionescu", "carpatica", "ana.ionescu@carpatica.example"):
        assert list(User.objects.all().matching(words)) == [ana], words
    assert not User.objects.all().matching("ana pop").exists()
    assert User.objects.all().matching("  ").count() == 2


def test_people_are_found_by_a_new_name_and_a_new_address() -> None:
    ana = make_customer("ana@example.com", "Ana Ionescu")
    ana.rename("Ana Vlad")
    ana.add_address("office@vlad.example")
    assert list(User.objects.all().matching("vlad")) == [ana]
    assert list(User.objects.all().matching("office")) == [ana]
    assert not User.objects.all().matching("ionescu").exists()


def test_the_system_is_one_person_that_nobody_sees() -> None:
    system = User.objects.system()
    assert User.objects.system() == system
    agent = make_agent()
    assert system not in User.objects.visible_to(agent)
    assert not system.has_usable_password()


def test_customers_see_only_themselves() -> None:
    ana, agent = make_customer(), make_agent()
    make_customer()
    assert list(User.objects.visible_to(ana)) == [ana]
    assert User.objects.visible_to(agent).count() == 3
    agent.is_active = False
    assert list(User.objects.visible_to(agent)) == [agent]


def test_a_new_person_keeps_the_firms_language_and_time() -> None:
    Brand.put(name="Edo Heating", language="it", time_zone="Asia/Tokyo")
    ana = User.objects.at_address_or_new("ana@example.com")
    assert (ana.language, ana.time_zone) == ("it", "Asia/Tokyo")
    ben = User.objects.at_address_or_new("ben@example.com", language="ro")
    assert (ben.language, ben.time_zone) == ("ro", "Asia/Tokyo")
    eva = make_customer(language="en", time_zone="Europe/Berlin")
    assert (eva.language, eva.time_zone) == ("en", "Europe/Berlin")


def test_the_system_is_found_at_no_address_and_nobody_is_made_there() -> None:
    system = User.objects.system()
    assert (User.objects.at_address(system.address), User.objects.system()) == (None, system)
    with pytest.raises(User.DoesNotExist):
        User.objects.at_address_or_new("System@sportello.invalid", "Mallory")
