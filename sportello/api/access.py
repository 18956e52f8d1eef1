"""Who calls? A bearer token's person, within the token's scopes."""

from typing import Any

from django.http import HttpRequest
from ninja.errors import HttpError
from ninja.security import HttpBearer
from ninja.throttling import AuthRateThrottle

from sportello.api.bodies import take_body
from sportello.api.models import Scope, Token
from sportello.api.tokens import token_in_force
from sportello.people.models import User

READING = ("GET", "HEAD", "OPTIONS")


class ApiRequest(HttpRequest):
    """A request whose token was accepted."""

    auth: Token
    user: User


class Bearer(HttpBearer):
    def __init__(self, scope: str = "") -> None:
        super().__init__()
        self.scope = scope

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        found = token_in_force(token)
        if found is None:
            return None
        wanted = self.scope or (Scope.READ if request.method in READING else Scope.WRITE)
        if not found.allows(wanted):
            raise HttpError(403, f"This token lacks the scope {wanted}.")
        request.user = found.user
        take_body(request)
        return found


class TokenThrottle(AuthRateThrottle):
    """Counts by token, in each process."""

    def get_cache_key(self, request: HttpRequest) -> str:
        auth = getattr(request, "auth", None)
        return f"api-rate-{auth.pk if isinstance(auth, Token) else 0}"
