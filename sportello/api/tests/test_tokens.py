"""Who may call? Tokens: hashed, ending, revocable, and no wider than their scopes."""

from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from sportello.api.models import Scope, Token
from sportello.api.tests.conftest import Call, assert_problem, caller
from sportello.api.tokens import digest_of, issue_token, token_in_force
from sportello.people.models import User
from sportello.people.testing import make_administrator


def test_only_the_hash_of_a_token_is_kept(customer: User) -> None:
    token = issue_token(customer, "backup")
    kept = Token.objects.get()
    assert kept.digest == digest_of(token)
    assert token not in str(Token.objects.values().get())
    assert len(token) >= 40


@pytest.mark.parametrize(
    "header", [{}, {"Authorization": "Bearer spo_wrong"}, {"Authorization": "Basic YTpi"}, {"Authorization": "Bearer "}]
)
def test_without_a_token_in_force_the_answer_is_401_and_says_how(db: None, header: dict[str, str]) -> None:
    response: Any = Client().get("/api/v1/me", headers=header)
    assert_problem(response, 401)
    assert response.headers["WWW-Authenticate"] == "Bearer"


def test_a_browser_session_is_no_token(customer: User) -> None:
    client = Client()
    client.force_login(customer)
    assert_problem(client.get("/api/v1/me"), 401)


def test_a_token_ends(customer: User) -> None:
    call = caller(customer, days=1)
    assert call("GET", "/me").status_code == 200
    with time_machine.travel(timezone.now() + timedelta(days=1, minutes=1)):
        assert_problem(call("GET", "/me"), 401)


def test_a_token_of_no_days_does_not_end(customer: User) -> None:
    call = caller(customer, days=None)
    with time_machine.travel(timezone.now() + timedelta(days=3650)):
        assert call("GET", "/me").status_code == 200


def test_a_revoked_token_opens_nothing(customer: User) -> None:
    call = caller(customer)
    Token.objects.get().revoke()
    assert_problem(call("GET", "/me"), 401)


def test_the_token_of_somebody_who_left_opens_nothing(customer: User) -> None:
    call = caller(customer)
    User.objects.filter(pk=customer.pk).update(is_active=False)
    assert_problem(call("GET", "/me"), 401)


def test_a_reading_token_cannot_write(agent: User) -> None:
    call = caller(agent, scopes=[Scope.READ])
    assert call("GET", "/tickets").status_code == 200
    assert_problem(call("POST", "/tickets", subject="Heat", text="None."), 403)


def test_a_writing_token_reads_too(agent: User) -> None:
    assert caller(agent, scopes=[Scope.WRITE])("GET", "/tickets").status_code == 200


def test_a_token_for_everything_reads_and_writes_too(agent: User) -> None:
    call = caller(agent, scopes=[Scope.ADMIN])
    assert call("GET", "/me").status_code == 200
    assert call("POST", "/people", address="new@example.com").status_code == 201


def test_mail_needs_the_scope_admin_even_of_an_administrator(db: None) -> None:
    boss = make_administrator()
    assert_problem(caller(boss, scopes=[Scope.READ, Scope.WRITE])("GET", "/mail/sink"), 403)
    assert caller(boss, scopes=[Scope.ADMIN])("GET", "/mail/sink").status_code == 200


def test_use_is_noted_at_most_every_five_minutes(customer: User) -> None:
    token = issue_token(customer, "t")
    token_in_force(token)
    first = Token.objects.get().last_used_at
    token_in_force(token)
    assert first is not None
    assert Token.objects.get().last_used_at == first


def test_the_command_prints_a_token_that_works(customer: User) -> None:
    out = StringIO()
    call_command("token", "add", user=customer.address, stdout=out)
    found = token_in_force(out.getvalue().strip())
    assert found is not None
    assert found.user == customer


def test_the_command_refuses_an_unknown_address(db: None) -> None:
    with pytest.raises(CommandError, match="Nobody here"):
        call_command("token", "add", user="nobody@example.com")
    with pytest.raises(CommandError, match=r"^Say whose: --user ADDRESS\.$"):
        call_command("token", "add")


@pytest.mark.parametrize("days", [-5, 36501, 99_999_999_999])
def test_the_command_makes_no_token_that_is_over_already_or_hardly_ever(customer: User, days: int) -> None:
    with pytest.raises(CommandError, match=r"^--days is how long the token is valid: 1 to 36500, or 0 for ever\.$"):
        call_command("token", "add", user=customer.address, days=days)
    assert not Token.objects.exists()


def test_a_token_may_be_valid_for_a_hundred_years(customer: User) -> None:
    call_command("token", "add", user=customer.address, days=36500)
    assert Token.objects.in_force().count() == 1


@pytest.mark.parametrize("option", ["--user", "--name"])
def test_what_the_command_is_told_is_text(customer: User, option: str) -> None:
    with pytest.raises(CommandError, match="There is a byte in it that is no text in UTF-8"):
        call_command("token", "add", "--user", customer.address, option, "\udcff")


def test_me_is_the_person_of_the_token(as_customer: Call, customer: User) -> None:
    assert as_customer("GET", "/me").json()["address"] == customer.address


def test_the_command_lists_what_is_in_force_and_revokes_it(customer: User, agent: User) -> None:
    call = caller(agent)
    issue_token(customer, "shop", scopes=[Scope.READ], days=None)
    out = StringIO()
    call_command("token", "list", stdout=out)
    (theirs, _line) = out.getvalue().splitlines()
    assert theirs.endswith(f"{customer.address}  shop  read  for ever  not used yet")
    mine = Token.objects.visible_to(agent).get()
    out = StringIO()
    call_command("token", "list", user=agent.address, stdout=out)
    assert out.getvalue().startswith(f"{mine.pk}  {agent.address}  test  admin,read,write  until ")
    call_command("token", "revoke", str(mine.pk), stdout=out)
    assert_problem(call("GET", "/me"), 401)
    with pytest.raises(CommandError, match="no token of that number"):
        call_command("token", "revoke", str(mine.pk))


def test_a_program_lists_its_persons_tokens_and_takes_one_back(as_agent: Call, agent: User, customer: User) -> None:
    other = issue_token(agent, "old laptop", scopes=[Scope.READ])
    issue_token(customer, "shop")
    listed = as_agent("GET", "/tokens").json()
    assert [(token["name"], token["scopes"]) for token in listed] == [
        ("old laptop", ["read"]),
        ("test", ["admin", "read", "write"]),
    ]
    assert as_agent("DELETE", f"/tokens/{listed[0]['id']}").status_code == 204
    assert token_in_force(other) is None
    assert_problem(as_agent("DELETE", f"/tokens/{listed[0]['id']}"), 404)
    assert_problem(as_agent("DELETE", f"/tokens/{Token.objects.visible_to(customer).get().pk}"), 404)
