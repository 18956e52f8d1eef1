"""`sportello token add --user ADDRESS` prints a new API token and nothing else; `token list`, `token revoke NUMBER`."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError

from sportello.api.models import Scope, Token
from sportello.api.tokens import MOST_DAYS, issue_token
from sportello.kernel.commands import OwnCommand, number, text
from sportello.people.models import User


class Command(OwnCommand):
    help = "Make, list or revoke API tokens."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("act", choices=["add", "list", "revoke"])
        parser.add_argument("number", type=number, nargs="?", help="of the token to revoke, as `list` gives it")
        parser.add_argument("--user", type=text, default="", metavar="ADDRESS", help="whose: needed to add one")
        parser.add_argument("--name", type=text, default="command line", help="what it is for (default: command line)")
        parser.add_argument(
            "--scopes",
            nargs="+",
            choices=[scope.value for scope in Scope],
            default=list(Scope),
            help="what it may do (default: all that its person may)",
        )
        parser.add_argument("--days", type=int, default=365, help="how long it is valid (default 365; 0 for ever)")

    def handle(self, *args: Any, act: str, **options: Any) -> None:
        {"add": self._add, "list": self._list, "revoke": self._revoke}[act](options)

    def _add(self, options: dict[str, Any]) -> None:
        if not 0 <= options["days"] <= MOST_DAYS:
            raise CommandError(f"--days is how long the token is valid: 1 to {MOST_DAYS}, or 0 for ever.")
        person = _person(options["user"])
        if not person.is_active:
            raise CommandError(f"{options['user']} may not sign in any more.")
        token = issue_token(person, options["name"], scopes=options["scopes"], days=options["days"] or None)
        self.stdout.write(token)

    def _list(self, options: dict[str, Any]) -> None:
        tokens = Token.objects.in_force().select_related("user")
        if options["user"]:
            tokens = tokens.visible_to(_person(options["user"]))
        for token in tokens:
            until = f"until {token.expires_at:%Y-%m-%d}" if token.expires_at else "for ever"
            used = f"last used {token.last_used_at:%Y-%m-%d %H:%M}" if token.last_used_at else "not used yet"
            self.stdout.write(
                f"{token.pk}  {token.user.address}  {token.name}  {','.join(token.scopes)}  {until}  {used}"
            )

    def _revoke(self, options: dict[str, Any]) -> None:
        token = Token.objects.in_force().filter(pk=options["number"]).first()
        if token is None:
            raise CommandError("There is no token of that number in force. `sportello token list` shows them.")
        token.revoke()
        self.stdout.write(f"Revoked: {token.name} of {token.user.address}")


def _person(address: str) -> User:
    if not address:
        raise CommandError("Say whose: --user ADDRESS.")
    person = User.objects.at_address(address)
    if person is None:
        raise CommandError(f"Nobody here has the address {address}.")
    return person
