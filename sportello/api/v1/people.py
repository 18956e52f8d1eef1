"""People for programs: who am I, who is there, and keeping a customer's data."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.shortcuts import get_object_or_404
from ninja import Field, Query, Router, Schema
from ninja.errors import HttpError

from sportello.api.access import ApiRequest
from sportello.api.problems import PROBLEMS
from sportello.api.v1.changes import asked_of
from sportello.api.v1.paging import PageQuery, page_of
from sportello.api.v1.schemas import Body, PersonOut, PersonPage
from sportello.api.v1.tickets import address_of
from sportello.people.models import Organisation, User
from sportello.people.policy import authorize, can_add_customers, can_edit_person, can_keep_record, can_place
from sportello.people.profiles import keep_profile

router = Router()


class PersonQuery(PageQuery):
    q: str = Field("", max_length=200, description="Words of a name or an address.")


class PersonChange(Body):
    """What is left out, or null, stays as it is; `organisation_id` of null belongs nowhere.

    Into an organisation whose people read each other's requests administrators put people, and others only whom the
    domain of their address takes there.

    `organisation_id` and `note` are for staff alone, and nobody sets their own.
    """

    name: str | None = Field(None, max_length=200)
    language: str | None = Field(None, max_length=10)
    time_zone: str | None = Field(None, max_length=64)
    organisation_id: int | None = Field(None, ge=1, le=2**63 - 1)
    note: str | None = Field(None, max_length=10_000)


class PersonIn(PersonChange):
    address: str = Field(max_length=254)


class NoteOut(Schema):
    note: str


@router.get("/me", response={200: PersonOut, **PROBLEMS}, summary="The token's person")
def me(request: ApiRequest) -> Any:
    return request.user


@router.get("/people", response={200: PersonPage, **PROBLEMS}, summary="List people")
def list_people(request: ApiRequest, page: Query[PersonQuery]) -> Any:
    return page_of(User.objects.visible_to(request.user).matching(page.q), page)


@router.post("/people", response={201: PersonOut, **PROBLEMS}, summary="Add a customer")
def add_person(request: ApiRequest, data: PersonIn) -> Any:
    authorize(can_add_customers(request.user))
    address = address_of("address", data.address)
    if User.objects.at_address(address):
        raise HttpError(409, "Somebody already has that address.")
    try:
        with transaction.atomic():
            added = User.objects.create_user(address)
            return 201, _kept(request, added, data)
    except IntegrityError as error:
        raise HttpError(409, "Somebody already has that address.") from error


def _kept(request: ApiRequest, person: User, data: PersonChange) -> User:
    columns = _columns(request, data)
    if "organisation" in columns:
        authorize(can_place(request.user, person, columns["organisation"]))
    return keep_profile(person, **columns)


def _columns(request: ApiRequest, data: PersonChange) -> dict[str, Any]:
    given = asked_of(data, "organisation_id")
    given.pop("address", None)
    if "organisation_id" in given:
        number = given.pop("organisation_id")
        given["organisation"] = _organisation(request.user, number) if number else None
    return given


def _organisation(user: User, pk: int) -> Organisation:
    try:
        return Organisation.objects.visible_to(user).get(pk=pk)
    except Organisation.DoesNotExist as error:
        raise ValidationError({"organisation_id": "There is no such organisation."}) from error


def person_of(request: ApiRequest, pk: int) -> User:
    found: User = get_object_or_404(User.objects.visible_to(request.user), pk=pk)
    return found


@router.get("/people/{int:pk}", response={200: PersonOut, **PROBLEMS}, summary="One person")
def one_person(request: ApiRequest, pk: int) -> Any:
    return person_of(request, pk)


@router.patch("/people/{int:pk}", response={200: PersonOut, **PROBLEMS}, summary="Change a person's data")
def change_person(request: ApiRequest, pk: int, data: PersonChange) -> Any:
    person = person_of(request, pk)
    authorize(can_edit_person(request.user, person))
    if asked_of(data, "organisation_id").keys() & {"organisation_id", "note"}:
        authorize(can_keep_record(request.user, person))
    return _kept(request, person, data)


@router.get("/people/{int:pk}/note", response={200: NoteOut, **PROBLEMS}, summary="What the desk notes about a person")
def note_about(request: ApiRequest, pk: int) -> Any:
    person = person_of(request, pk)
    authorize(can_keep_record(request.user, person))
    return person
