"""Can a program set what the settings of the desk set, as an administrator and within the same bounds?"""

from typing import Any

import pytest
from pydantic import BaseModel

from sportello.api.models import Scope
from sportello.api.tests.conftest import Call, assert_problem, caller
from sportello.api.v1.settings import FirmChange, MailboxChange
from sportello.api.v1.teams import TeamChange
from sportello.channels.email.models import Mailbox
from sportello.channels.email.testing import make_mailbox
from sportello.people.models import Brand, Team, User
from sportello.people.testing import make_administrator, make_agent, make_customer, make_organisation, make_team


@pytest.fixture
def boss(db: None) -> User:
    return make_administrator()


@pytest.fixture
def call(boss: User) -> Call:
    return caller(boss)


def test_the_firm_says_its_name_and_keeps_its_time(call: Call) -> None:
    changed = call("PATCH", "/firm", name="Alba Termica", time_zone="Europe/Bucharest").json()
    assert (changed["name"], changed["time_zone"], changed["language"]) == ("Alba Termica", "Europe/Bucharest", "en")
    assert call("GET", "/firm").json() == changed
    for wrong in ({"time_zone": "Mars/Base"}, {"language": "xx"}, {"name": "  "}):
        refused = assert_problem(call("PATCH", "/firm", **wrong), 422)
        assert refused["errors"][0]["field"] in wrong
    assert Brand.objects.get().name == "Alba Termica"


def test_a_team_is_made_and_changed(call: Call) -> None:
    made = call("POST", "/teams", name="Field", hue=3, topic_icon="wrench").json()
    assert (made["hue"], made["topic_icon"], made["follow_up_days"]) == (3, "wrench", 14)
    changed = call("PATCH", f"/teams/{made['id']}", follow_up_days=30, is_offered=False).json()
    assert changed == made | {"follow_up_days": 30, "is_offered": False}
    assert call("GET", f"/teams/{made['id']}").json() == changed
    assert_problem(call("POST", "/teams", name="Field"), 422)
    assert_problem(call("PATCH", f"/teams/{made['id']}", hue=900), 422)


def test_a_mailbox_is_made_and_its_passwords_never_shown(call: Call, team: Team) -> None:
    given = {"address": "Support@Desk.example", "name": "Support", "team_id": team.pk, "smtp_password": "secret-bell"}
    made = call("POST", "/mailboxes", **given)
    assert "secret-bell" not in made.content.decode()
    box = Mailbox.objects.get()
    assert (box.address, box.smtp_password) == ("support@desk.example", "secret-bell")
    call("PATCH", f"/mailboxes/{box.pk}", name="Front desk", smtp_password="")
    box.refresh_from_db()
    assert (box.name, box.smtp_password) == ("Front desk", "secret-bell")
    assert [row["name"] for row in call("GET", "/mailboxes").json()] == ["Front desk"]
    assert_problem(call("POST", "/mailboxes", **given), 422)
    assert_problem(call("PATCH", f"/mailboxes/{box.pk}", address="nobody"), 422)


def test_null_changes_nothing_of_a_firm_a_team_or_a_mailbox(call: Call, team: Team) -> None:
    made = call("POST", "/mailboxes", address="a@desk.example", name="A", team_id=team.pk, smtp_port=2525).json()
    changes: dict[str, type[BaseModel]] = {
        "/firm": FirmChange,
        f"/teams/{team.pk}": TeamChange,
        f"/mailboxes/{made['id']}": MailboxChange,
    }
    for path, change in changes.items():
        before = call("GET", path).json()
        assert call("PATCH", path, **dict.fromkeys(change.model_fields)).json() == before


@pytest.mark.parametrize(
    "moved", [{"smtp_host": "evil.example"}, {"smtp_port": 18499}, {"smtp_security": "none"}, {"smtp_user": "mallory"}]
)
def test_a_password_goes_to_no_other_server_and_under_no_other_name(call: Call, moved: dict[str, Any]) -> None:
    box = make_mailbox(smtp_host="smtp.good.example", imap_host="imap.good.example", smtp_user="ana")
    call("PATCH", f"/mailboxes/{box.pk}", smtp_password="secret-bell", imap_password="other-bell")
    assert call("PATCH", f"/mailboxes/{box.pk}", **moved).status_code == 200
    box.refresh_from_db()
    assert (box.smtp_password, box.imap_password) == ("", "other-bell")
    call("PATCH", f"/mailboxes/{box.pk}", smtp_host="smtp.new.example", smtp_password="new-bell")
    box.refresh_from_db()
    assert box.smtp_password == "new-bell"


def test_a_test_says_which_server_does_not_let_us_in(call: Call) -> None:
    box = make_mailbox(imap_host="127.0.0.1", imap_port=1, smtp_host="127.0.0.1", smtp_port=1)
    steps = call("POST", f"/mailboxes/{box.pk}/test").json()
    assert [step["protocol"] for step in steps] == ["imap", "smtp"]
    assert all(step["error"] for step in steps)


def test_servers_are_tried_before_a_mailbox_is_saved(call: Call) -> None:
    box = make_mailbox()
    for path in ("/mailboxes/test", f"/mailboxes/{box.pk}/test"):
        (step,) = call("POST", path, smtp_host=" 127.0.0.1 ", smtp_port=1, smtp_user="ana", smtp_password="bell").json()
        assert step["protocol"] == "smtp" and step["error"]
    assert call("POST", "/mailboxes/test").json() == []
    box.refresh_from_db()
    assert (Mailbox.objects.get(), box.smtp_host, box.smtp_password) == (box, "", "")
    assert_problem(call("POST", "/mailboxes/test", smtp_port=0), 422)


def test_a_colleague_is_taken_on_put_into_a_team_and_let_go(call: Call, team: Team) -> None:
    made = call("POST", "/staff", name="Ana Pop", address="Ana@Desk.example", role="agent").json()
    path = f"/teams/{team.pk}/members/{made['id']}"
    assert call("PUT", path, role="supervisor").json() == {"team_id": team.pk, "role": "supervisor"}
    (listed,) = [person for person in call("GET", "/staff").json() if person["id"] == made["id"]]
    assert listed["memberships"] == [{"team_id": team.pk, "role": "supervisor"}]
    assert call("DELETE", path).status_code == 204
    gone = call("PATCH", f"/staff/{made['id']}", is_active=False).json()
    assert (gone["is_active"], gone["memberships"], gone["name"]) == (False, [], "Ana Pop")


def test_a_customer_becomes_a_colleague(call: Call) -> None:
    known = make_customer("ana@desk.example")
    assert call("PATCH", f"/staff/{known.pk}", role="agent").json()["role"] == "agent"
    assert_problem(call("POST", "/staff", name="Ana", address="ana@desk.example", role="agent"), 422)


def test_nobody_changes_their_own_role(call: Call, boss: User) -> None:
    make_administrator()
    for change in ({"role": "agent"}, {"is_active": False}):
        assert_problem(call("PATCH", f"/staff/{boss.pk}", **change), 403)
    assert call("PATCH", f"/staff/{boss.pk}", name="Ilinca S.").json()["role"] == "administrator"


def test_nobody_becomes_the_system(call: Call, boss: User) -> None:
    assert_problem(call("PATCH", f"/staff/{make_agent(make_team()).pk}", role="system"), 422)


def test_settings_need_the_scope_admin(boss: User) -> None:
    writer = caller(boss, scopes=[Scope.READ, Scope.WRITE])
    for method, path in [("GET", "/firm"), ("GET", "/staff"), ("GET", "/mailboxes"), ("POST", "/teams")]:
        assert_problem(writer(method, path, name="Field"), 403)


def test_a_persons_organisation_language_and_zone_are_kept(as_agent: Call, customer: User) -> None:
    hotel = make_organisation("Hotel")
    given = {"organisation_id": hotel.pk, "language": "ro", "time_zone": "Europe/Bucharest"}
    changed = as_agent("PATCH", f"/people/{customer.pk}", **given, note="Old boiler.").json()
    assert {name: changed[name] for name in given} == given
    assert as_agent("GET", f"/people/{customer.pk}/note").json() == {"note": "Old boiler."}
    assert as_agent("PATCH", f"/people/{customer.pk}", organisation_id=None).json()["organisation_id"] is None
    for wrong in ({"language": "xx"}, {"time_zone": "Mars/Base"}, {"organisation_id": 999}):
        assert_problem(as_agent("PATCH", f"/people/{customer.pk}", **wrong), 422)


def test_a_customer_chooses_their_language_but_not_where_they_belong(as_customer: Call, customer: User) -> None:
    hotel, path = make_organisation("Hotel"), f"/people/{customer.pk}"
    assert as_customer("PATCH", path, language="it").json()["language"] == "it"
    assert_problem(as_customer("PATCH", path, organisation_id=hotel.pk), 403)
    assert_problem(as_customer("PATCH", path, note="Important"), 403)
    assert_problem(as_customer("GET", f"{path}/note"), 403)


def test_a_name_is_one_line(boss: User) -> None:
    made = caller(boss)("POST", "/teams", name="Front\r\ndesk", signature="Ana\nFront desk").json()
    assert (made["name"], made["signature"]) == ("Front desk", "Ana\nFront desk")
