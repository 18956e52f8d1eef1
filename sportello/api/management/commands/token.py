"""`sportello token add --user ADDRESS`: print a new API token, and nothing else."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from sportello.api.models import Scope
from sportello.api.tokens import issue_token
from sportello.people.models import User


class Command(BaseCommand):
    help = "Make an API token for a person."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("act", choices=["add"])
        parser.add_argument("--user", required=True, metavar="ADDRESS")
        parser.add_argument("--name", default="command line")
        parser.add_argument("--scopes", nargs="+", choices=[scope.value for scope in Scope], default=list(Scope))
        parser.add_argument("--days", type=int, default=365, help="how long it is valid; 0 for ever")

    def handle(self, *args: Any, user: str, name: str, scopes: list[str], days: int, **options: Any) -> None:
        person = User.objects.at_address(user)
        if days < 0:
            raise CommandError("--days is how long the token is valid: 1 or more, or 0 for ever.")
        if person is None or not person.is_active:
            raise CommandError(f"Nobody here has the address {user}.")
        self.stdout.write(issue_token(person, name, scopes=scopes, days=days or None))
