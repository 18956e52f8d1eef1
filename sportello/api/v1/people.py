"""People for programs: who am I, who is there, and keeping a customer's data."""

from typing import Any

from django.db import IntegrityError
from django.shortcuts import get_object_or_404
from ninja import Field, Query, Router, Schema
from ninja.errors import HttpError

from sportello.api.access import ApiRequest
from sportello.api.problems import PROBLEMS
from sportello.api.v1.paging import PageQuery, page_of
from sportello.api.v1.schemas import PersonOut, PersonPage
from sportello.channels.email.addresses import normalise
from sportello.people.models import User
from sportello.people.policy import authorize, can_edit_person, can_use_desk

router = Router()


class PersonQuery(PageQuery):
    q: str = Field("", max_length=200, description="Words of a name or an address.")


class PersonIn(Schema):
    address: str = Field(max_length=254)
    name: str = Field("", max_length=200)
    language: str = Field("en", pattern="^[a-z]{2}(-[a-z]{2,4})?$")


class PersonChange(Schema):
    name: str | None = Field(None, max_length=200)
    language: str | None = Field(None, pattern="^[a-z]{2}(-[a-z]{2,4})?$")
    note: str | None = Field(None, max_length=10_000)


@router.get("/me", response={200: PersonOut, **PROBLEMS}, summary="The token's person")
def me(request: ApiRequest) -> Any:
    return request.user


@router.get("/people", response={200: PersonPage, **PROBLEMS}, summary="List people")
def list_people(request: ApiRequest, page: Query[PersonQuery]) -> Any:
    return page_of(User.objects.visible_to(request.user).matching(page.q), page)


@router.post("/people", response={201: PersonOut, **PROBLEMS}, summary="Add a customer")
def add_person(request: ApiRequest, data: PersonIn) -> Any:
    authorize(can_use_desk(request.user) and can_edit_person(request.user, User()))
    address = normalise(data.address)
    if address is None:
        raise HttpError(422, "That is not a mail address.")
    if User.objects.at_address(address):
        raise HttpError(409, "Somebody already has that address.")
    try:
        return 201, User.objects.create_user(address, data.name, language=data.language)
    except IntegrityError as error:
        raise HttpError(409, "Somebody already has that address.") from error


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
    changed = data.model_dump(exclude_none=True)
    if not request.user.is_staff:
        changed.pop("note", None)
    if "name" in changed:
        person.rename(changed.pop("name"))
    for name, value in changed.items():
        setattr(person, name, value.replace("\0", ""))
    if changed:
        person.save(update_fields=list(changed))
    return person
