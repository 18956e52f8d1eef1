"""What may each role's token do at each operation of the API? Written by hand from the policy, as ROLES are ordered."""

from tests.permissions.expected import Row

ALL = "401 200 200 200 200 200 200 200"
SEE = "401 200 404 200 200 404 200 200"
SEE_INSIDE = "401 404 404 200 200 404 200 200"
CHANGE = "401 403 404 403 200 404 200 200"
STAFF = "401 403 403 200 200 200 200 200"
ADMIN = "401 403 403 403 403 403 403 200"
ADMIN_ACT = "401 403 403 403 403 403 403 202"
ADMIN_MADE = "401 403 403 403 403 403 403 201"
TICKET = "/api/v1/tickets/{number}"
OPENED = {"subject": "Heat", "text": "None."}

API = [
    Row("GET", "/api/v1/me", (), ALL),
    Row("GET", "/api/v1/tickets", (), ALL),
    Row("POST", "/api/v1/tickets", (), "401 201 201 201 201 201 201 201", OPENED),
    Row(
        "POST",
        "/api/v1/tickets",
        (),
        "401 403 403 403 201 403 201 201",
        OPENED | {"team_id": "{team}", "requester": "new@example.com"},
    ),
    Row(
        "POST",
        "/api/v1/tickets",
        (),
        "401 403 403 403 201 403 201 201",
        OPENED | {"team_id": "{team}", "tags": ["heat"]},
    ),
    Row("GET", TICKET, ("{ticket}",), SEE),
    Row("PATCH", TICKET, ("{ticket}",), CHANGE, {"priority": 4}),
    Row("PATCH", TICKET, ("{ticket}",), CHANGE, {"assignee_id": "{agent}"}),
    Row("POST", f"{TICKET}/solution", ("{ticket}",), CHANGE, {"note": "Restarted."}),
    Row("POST", f"{TICKET}/reopening", ("{ticket}",), CHANGE),
    Row("POST", f"{TICKET}/waiting", ("{ticket}",), CHANGE),
    Row("POST", f"{TICKET}/hold", ("{ticket}",), CHANGE),
    Row("POST", f"{TICKET}/start", ("{ticket}",), CHANGE),
    Row("GET", f"{TICKET}/timeline", ("{ticket}",), "401 403 404 200 200 404 200 200"),
    Row("GET", f"{TICKET}/messages", ("{ticket}",), SEE),
    Row("POST", f"{TICKET}/messages", ("{ticket}",), "401 201 404 403 201 404 201 201", {"text": "On it."}),
    Row(
        "POST",
        f"{TICKET}/messages",
        ("{ticket}",),
        "401 403 404 201 201 404 201 201",
        {"text": "Odd.", "kind": "note"},
    ),
    Row("GET", "/api/v1/messages/{pk}", ("{public}",), SEE),
    Row("GET", "/api/v1/messages/{pk}", ("{note}",), SEE_INSIDE),
    Row("GET", "/api/v1/messages/{pk}", ("{held}",), SEE_INSIDE),
    Row("POST", "/api/v1/messages/{pk}/withdrawal", ("{held}",), "401 404 404 403 200 404 403 403"),
    Row("GET", "/api/v1/messages/{pk}/source", ("{public}",), "401 403 404 200 200 404 200 200"),
    Row("GET", "/api/v1/messages/{pk}/source", ("{note}",), SEE_INSIDE),
    Row("GET", "/api/v1/attachments/{pk}", ("{file}",), SEE),
    Row("GET", "/api/v1/attachments/{pk}", ("{note_file}",), SEE_INSIDE),
    Row("GET", "/api/v1/people", (), ALL),
    Row("POST", "/api/v1/people", (), "401 403 403 403 201 201 201 201", {"address": "new@example.com"}),
    Row("GET", "/api/v1/people/{pk}", ("{asker}",), "401 200 404 200 200 200 200 200"),
    Row("GET", "/api/v1/people/{pk}", ("{agent}",), "401 404 404 200 200 200 200 200"),
    Row("PATCH", "/api/v1/people/{pk}", ("{asker}",), "401 200 404 403 200 200 200 200", {"name": "Ana"}),
    Row("PATCH", "/api/v1/people/{pk}", ("{agent}",), "401 404 404 403 200 403 403 200", {"name": "Ana"}),
    Row("GET", "/api/v1/organisations", (), STAFF),
    Row("POST", "/api/v1/organisations", (), ADMIN_MADE, {"name": "Hotel"}),
    Row("GET", "/api/v1/organisations/{pk}", ("{organisation}",), STAFF),
    Row("PATCH", "/api/v1/organisations/{pk}", ("{organisation}",), ADMIN, {"note": "Since 2019."}),
    Row("GET", "/api/v1/teams", (), ALL),
    Row("GET", "/api/v1/teams/{pk}/members", ("{team}",), STAFF),
    Row("GET", "/api/v1/tags", (), STAFF),
    Row("GET", "/api/v1/search?q=heat", (), ALL),
    Row("GET", "/api/v1/mail/sink", (), ADMIN),
    Row("GET", "/api/v1/mail/sink/{pk}/source", ("{sunk}",), ADMIN),
    Row("GET", "/api/v1/mail/quarantine", (), ADMIN),
    Row("POST", "/api/v1/mail/quarantine/{pk}/retry", ("{inbound}",), ADMIN_ACT),
    Row("GET", "/api/v1/mail/stuck", (), ADMIN),
    Row("POST", "/api/v1/mail/stuck/{pk}/retry", ("{stuck}",), ADMIN_ACT),
]
