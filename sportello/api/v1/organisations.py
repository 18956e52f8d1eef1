"""Organisations for programs: the firms and offices that people belong to, and their mail domains."""

from typing import Any

from django.shortcuts import get_object_or_404
from ninja import Field, Query, Router, Schema

from sportello.api.access import ApiRequest, Bearer
from sportello.api.models import Scope
from sportello.api.problems import PROBLEMS
from sportello.api.v1.changes import asked_of
from sportello.api.v1.paging import PageQuery, page_of
from sportello.api.v1.schemas import Body
from sportello.people.models import Organisation
from sportello.people.organisations import MOST_DOMAINS, keep_organisation
from sportello.people.policy import authorize, can_edit_organisations, can_use_desk

router = Router()


class OrganisationOut(Schema):
    id: int
    name: str
    domains: list[str]
    shares_requests: bool = Field(description="Whether its people see each other's requests.")
    note: str

    @staticmethod
    def resolve_domains(organisation: Organisation) -> list[str]:
        return organisation.domain_names


class OrganisationPage(Schema):
    items: list[OrganisationOut]
    next: str | None


class OrganisationIn(Body):
    name: str = Field(min_length=1, max_length=200)
    domains: list[str] = Field([], max_length=MOST_DOMAINS, description="Customers with an address there join.")
    shares_requests: bool = False
    note: str = Field("", max_length=10_000)


class OrganisationChange(Body):
    """What is left out, or null, stays as it is; `domains` is the whole list."""

    name: str | None = Field(None, min_length=1, max_length=200)
    domains: list[str] | None = Field(None, max_length=MOST_DOMAINS)
    shares_requests: bool | None = None
    note: str | None = Field(None, max_length=10_000)


class OrganisationQuery(PageQuery):
    q: str = Field("", max_length=200, description="Part of a name or of a mail domain.")


@router.get("/organisations", response={200: OrganisationPage, **PROBLEMS}, summary="List organisations")
def list_organisations(request: ApiRequest, page: Query[OrganisationQuery]) -> Any:
    authorize(can_use_desk(request.user))
    return page_of(Organisation.objects.visible_to(request.user).matching(page.q).with_domains(), page)


@router.post(
    "/organisations",
    response={201: OrganisationOut, **PROBLEMS},
    summary="Make an organisation",
    auth=Bearer(Scope.ADMIN),
)
def add_organisation(request: ApiRequest, data: OrganisationIn) -> Any:
    authorize(can_edit_organisations(request.user))
    return 201, keep_organisation(None, **data.model_dump())


def organisation_of(request: ApiRequest, pk: int) -> Organisation:
    return get_object_or_404(Organisation.objects.visible_to(request.user).with_domains(), pk=pk)


@router.get("/organisations/{int:pk}", response={200: OrganisationOut, **PROBLEMS}, summary="One organisation")
def one_organisation(request: ApiRequest, pk: int) -> Any:
    authorize(can_use_desk(request.user))
    return organisation_of(request, pk)


@router.patch(
    "/organisations/{int:pk}",
    response={200: OrganisationOut, **PROBLEMS},
    summary="Change an organisation",
    auth=Bearer(Scope.ADMIN),
)
def change_organisation(request: ApiRequest, pk: int, data: OrganisationChange) -> Any:
    authorize(can_edit_organisations(request.user))
    changed = keep_organisation(organisation_of(request, pk), **asked_of(data))
    return organisation_of(request, changed.pk)
