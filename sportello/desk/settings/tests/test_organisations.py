"""Can an administrator make organisations at the desk, and see who belongs to them?"""

from django.test import Client

from sportello.people.models import Organisation
from sportello.people.testing import make_customer, make_organisation

NEW = "/desk/settings/organisations/new/"


def test_an_organisation_is_made_with_its_domains_and_shown_in_the_list(settings_page: Client) -> None:
    andrei = make_customer("andrei@hotel.example")
    data = {"name": "Hotel Carpatica", "domains": "hotel.example\n@Spa.Hotel.example", "shares_requests": "on"}
    response = settings_page.post(NEW, data, follow=True)
    made = Organisation.objects.get()
    assert (made.domain_names, made.shares_requests) == (["hotel.example", "spa.hotel.example"], True)
    andrei.refresh_from_db()
    assert andrei.organisation == made
    page = response.content.decode()
    assert "Hotel Carpatica" in page
    assert "hotel.example, spa.hotel.example" in page


def test_what_cannot_be_a_domain_is_said_beside_the_field_and_nothing_is_kept(settings_page: Client) -> None:
    make_organisation("Old Mill", "mill.example")
    data = {"name": "Hotel", "domains": "mill.example gmail.com hotel"}
    response = settings_page.post(NEW, data)
    assert response.status_code == 422
    page = response.content.decode()
    assert "mill.example already belongs to Old Mill." in page
    assert "Anybody can have an address at gmail.com" in page
    assert "hotel is not a mail domain." in page
    assert "mill.example gmail.com hotel</textarea>" in page  # what was typed is still there
    assert Organisation.objects.count() == 1


def test_its_people_stand_on_its_page_and_lead_to_theirs(settings_page: Client) -> None:
    organisation = make_organisation("Hotel Carpatica", "hotel.example")
    andrei = make_customer("andrei@hotel.example", "Andrei Munteanu")
    page = settings_page.get(f"/desk/settings/organisations/{organisation.pk}/").content.decode()
    assert f'<a href="/desk/people/{andrei.pk}/">Andrei Munteanu</a>' in page
    assert "hotel.example</textarea>" in page


def test_a_change_keeps_what_it_does_not_touch(settings_page: Client) -> None:
    organisation = make_organisation("Hotel Carpatica", "hotel.example", "spa.example")
    url = f"/desk/settings/organisations/{organisation.pk}/"
    assert settings_page.post(url, {"name": "Grand Hotel", "domains": "hotel.example"}).status_code == 302
    organisation = Organisation.objects.get()
    assert (organisation.name, organisation.domain_names) == ("Grand Hotel", ["hotel.example"])


def test_the_list_is_searched_by_name_and_domain(settings_page: Client) -> None:
    make_organisation("Hotel Carpatica", "hotel.example")
    make_organisation("Old Mill", "mill.example")
    for words, found, hidden in [("carp", "Hotel Carpatica", "Old Mill"), ("mill.ex", "Old Mill", "Hotel Carpatica")]:
        page = settings_page.get("/desk/settings/organisations/", {"q": words}).content.decode()
        assert found in page
        assert hidden not in page
    assert "No organisation found" in settings_page.get("/desk/settings/organisations/?q=zzz").content.decode()
