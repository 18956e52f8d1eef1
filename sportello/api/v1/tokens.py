"""A person's own tokens for programs: which are in force, and taking one back. New ones are made in a browser."""

from datetime import datetime
from typing import Any

from django.shortcuts import get_object_or_404
from ninja import Router, Schema

from sportello.api.access import ApiRequest
from sportello.api.models import Scope, Token
from sportello.api.problems import PROBLEMS

router = Router()


class TokenOut(Schema):
    id: int
    name: str
    scopes: list[Scope]
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None


@router.get("/tokens", response={200: list[TokenOut], **PROBLEMS}, summary="One's own tokens in force")
def list_tokens(request: ApiRequest) -> Any:
    return list(Token.objects.visible_to(request.user).in_force())


@router.delete("/tokens/{int:pk}", response={204: None, **PROBLEMS}, summary="Take a token back")
def revoke_token(request: ApiRequest, pk: int) -> Any:
    get_object_or_404(Token.objects.visible_to(request.user).in_force(), pk=pk).revoke()
    return 204, None
