"""What may each role do at each address? Written by hand from the policy: statuses in the order of ROLES.

A column is a status, or "sign" for being sent to sign in. Words in braces are numbers of the world.
"""

from typing import Any, NamedTuple

from sportello.people.testing import PASSWORD


class Row(NamedTuple):
    method: str
    name: str
    args: tuple[str, ...]
    expected: str
    data: dict[str, Any] = {}


ROLES = ("anonymous", "asker", "stranger", "light", "agent", "elsewhere", "supervisor", "administrator")

STAFF = "sign 403 403 200 200 200 200 200"
STAFF_ACT = "sign 403 403 302 302 302 302 302"
SEE = "sign 403 403 200 200 404 200 200"
ACT = "sign 403 403 403 302 404 302 302"
NOTE = "sign 403 403 302 302 404 302 302"
ADMIN = "sign 403 403 403 403 403 403 200"
ADMIN_ACT = "sign 403 403 403 403 403 403 302"
ADMIN_INVALID = "sign 403 403 403 403 403 403 422"
ADMIN_TOKEN = "sign 403 403 422 422 422 422 200"
FOLLOWER = "sign 200 404 404 404 404 404 404"
FOLLOWER_ACT = "sign 302 404 404 404 404 404 404"
NOBODY = "sign 404 404 404 404 404 404 404"
ANYBODY = "200 200 200 200 200 200 200 200"
ANYBODY_ACT = "302 302 302 302 302 302 302 302"
INVALID = "400 400 400 400 400 400 400 400"
NOTHING = "404 404 404 404 404 404 404 404"
SIGNED_IN = "sign 200 200 200 200 200 200 200"
SIGNED_IN_ACT = "sign 302 302 302 302 302 302 302"
SIGNED_IN_INVALID = "sign 400 400 400 400 400 400 400"

NEW_TICKET = {"requester": "new@example.com", "channel": "phone", "priority": "2", "subject": "Heat", "text": "None."}
KNOWN = {"name": "Ana", "language": "en", "time_zone": "Europe/Rome"}
NEW_REQUEST = {"name": "Ana", "address": "new@example.com", "subject": "Heat", "topic": "{team}", "body": "None."}
REPLY = {"kind": "reply", "text": "On it."}

DESK = [
    Row("GET", "live", (), "403 403 403 200 200 200 200 200"),
    Row("GET", "home", (), STAFF_ACT),
    Row("GET", "queue", ("team-{team}",), SEE),
    Row("GET", "queue", ("mine",), STAFF),
    Row("GET", "queue", ("saved-{view}",), SEE),
    Row("GET", "queue_list", ("team-{team}",), SEE),
    Row("GET", "queue_sidebar", ("team-{team}",), SEE),
    Row("GET", "queue_preview", ("all", "{ticket}"), SEE),
    Row("GET", "save_view", ("mine",), STAFF),
    Row("POST", "save_view", ("mine",), STAFF_ACT, {"name": "Mine", "query": "status:open"}),
    Row(
        "POST",
        "save_view",
        ("mine",),
        "sign 403 403 422 302 422 302 302",
        {"name": "Ours", "query": "status:open", "team": "{team}"},
    ),
    Row("GET", "edit_view", ("{view}",), "sign 403 403 403 200 404 200 200"),
    Row("POST", "edit_view", ("{view}",), "sign 403 403 403 302 404 302 302", {"name": "Ours", "team": "{team}"}),
    Row("POST", "restore_view", ("broken",), "sign 403 403 404 404 404 404 404"),
    Row("POST", "restore_view", ("{removed_view}",), "sign 403 403 404 302 404 404 404"),
    Row("POST", "remove_view", ("{view}",), "sign 403 403 403 302 404 302 302"),
    Row("POST", "bulk", (), STAFF_ACT, {"ticket": "{ticket}", "priority": "3"}),
    Row("GET", "bulk_assignees", (), STAFF),
    Row("GET", "bulk_job", ("{job}",), "sign 403 403 404 200 404 404 404"),
    Row("POST", "bulk_stop", ("{job}",), "sign 403 403 404 302 404 404 404"),
    Row("POST", "bulk_undo", ("{job}",), "sign 403 403 404 302 404 404 404"),
    Row("POST", "bulk_put_away", ("{job}",), "sign 403 403 404 302 404 404 404"),
    Row("GET", "completions", (), STAFF),
    Row("GET", "search", (), STAFF),
    Row("GET", "palette", (), STAFF),
    Row("GET", "new_ticket", (), "sign 403 403 403 200 200 200 200"),
    Row("POST", "new_ticket", (), "sign 403 403 403 302 422 302 302", NEW_TICKET | {"team": "{team}"}),
    Row("GET", "suggested_people", (), STAFF),
    Row("GET", "suggested_tags", (), STAFF),
    Row("GET", "ticket", ("{ticket}",), SEE),
    Row("GET", "ticket_place", ("{ticket}",), SEE),
    Row("GET", "ticket_header", ("{ticket}",), SEE),
    Row("GET", "ticket_timeline", ("{ticket}",), SEE),
    Row("GET", "ticket_context", ("{ticket}",), SEE),
    Row("GET", "ticket_present", ("{ticket}",), SEE),
    Row("GET", "ticket_history", ("{ticket}",), SEE),
    Row("POST", "solution", ("{ticket}",), ACT, {"note": "Restarted."}),
    Row("POST", "solution_withdrawal", ("{solved}",), "sign 403 403 403 302 404 403 403"),
    Row("POST", "ticket_status", ("{ticket}",), ACT, {"status": "waiting"}),
    Row("GET", "assignment", ("{ticket}",), "sign 403 403 403 200 404 200 200"),
    Row("POST", "assignment", ("{ticket}",), ACT, {"assignee": "{agent}"}),
    Row("GET", "ticket_team", ("{ticket}",), "sign 403 403 403 200 404 200 200"),
    Row("POST", "ticket_team", ("{ticket}",), ACT, {"team": "{other_team}"}),
    Row("POST", "ticket_priority", ("{ticket}",), ACT, {"priority": "4"}),
    Row("POST", "ticket_type", ("{ticket}",), ACT, {"type": "incident"}),
    Row("POST", "ticket_subject", ("{ticket}",), ACT, {"subject": "No heat"}),
    Row("POST", "ticket_tags", ("{ticket}",), ACT, {"add": "heat"}),
    Row("POST", "participants", ("{ticket}",), ACT, {"address": "too@example.com"}),
    Row("POST", "ticket_requester", ("{ticket}",), ACT, {"address": "other@example.com"}),
    Row("POST", "say", ("{ticket}",), ACT, REPLY),
    Row("POST", "say", ("{ticket}",), NOTE, REPLY | {"kind": "note"}),
    Row("POST", "typing", ("{ticket}",), "sign 403 403 204 204 404 204 204"),
    Row("POST", "withdrawal", ("{held}",), "sign 403 403 403 302 404 403 403"),
    Row("POST", "delivery_retry", ("{sent}",), ACT),
    Row("GET", "message_body", ("{note}",), SEE),
    Row("GET", "message_source", ("{note}",), SEE),
    Row("GET", "attachment", ("{note_file}", "meter.txt"), SEE),
    Row("GET", "settings", (), ADMIN),
    Row("GET", "settings_firm", (), ADMIN),
    Row("POST", "settings_firm", (), ADMIN_INVALID, {"name": ""}),
    Row("GET", "new_team", (), ADMIN),
    Row("POST", "new_team", (), ADMIN_INVALID, {"name": ""}),
    Row("GET", "team_settings", ("{team}",), ADMIN),
    Row("POST", "team_settings", ("{team}",), ADMIN_INVALID, {"name": ""}),
    Row("GET", "new_mailbox", (), ADMIN),
    Row("POST", "new_mailbox", (), ADMIN_INVALID, {"name": ""}),
    Row("GET", "mailbox_settings", ("{mailbox}",), ADMIN),
    Row("POST", "mailbox_settings", ("{mailbox}",), ADMIN_INVALID, {"name": ""}),
    Row("POST", "test_new_mailbox", (), ADMIN_INVALID, {"name": ""}),
    Row("POST", "test_mailbox", ("{mailbox}",), ADMIN_INVALID, {"name": ""}),
    Row("GET", "new_staff", (), ADMIN),
    Row("POST", "new_staff", (), ADMIN_INVALID, {"name": ""}),
    Row("GET", "staff_settings", ("{agent}",), ADMIN),
    Row("POST", "staff_settings", ("{agent}",), ADMIN_INVALID, {"name": ""}),
    Row("GET", "organisations", (), ADMIN),
    Row("GET", "new_organisation", (), ADMIN),
    Row("POST", "new_organisation", (), ADMIN_INVALID, {"name": ""}),
    Row("GET", "organisation_settings", ("{organisation}",), ADMIN),
    Row("POST", "organisation_settings", ("{organisation}",), ADMIN_ACT, {"name": "Hotel"}),
    Row("GET", "people", (), STAFF),
    Row("GET", "person", ("{asker}",), STAFF),
    Row("POST", "person", ("{asker}",), "sign 403 403 403 422 422 422 422", {"language": "xx"}),
    Row("POST", "person", ("{asker}",), "sign 403 403 403 302 302 302 302", KNOWN | {"organisation": "{organisation}"}),
    Row("POST", "person", ("{asker}",), "sign 403 403 403 422 422 422 302", KNOWN | {"organisation": "{sharing}"}),
    Row("POST", "person", ("{agent}",), "sign 403 403 403 403 403 403 422", {"language": "xx"}),
    Row("POST", "person", ("{light}",), "sign 403 403 403 403 403 403 422", {"language": "xx"}),
    Row("POST", "person", ("{administrator}",), "sign 403 403 403 403 403 403 403", {"language": "xx"}),
    Row("GET", "mail", (), ADMIN),
    Row("POST", "retry_held", ("{inbound}",), ADMIN_ACT),
    Row("GET", "held_source", ("{inbound}",), ADMIN),
    Row("GET", "mail_stuck", (), ADMIN),
    Row("POST", "retry_stuck", ("{stuck}",), ADMIN_ACT),
    Row("POST", "cancel_stuck", ("{stuck}",), ADMIN_ACT),
    Row("GET", "mail_sent", (), ADMIN),
    Row("GET", "sent_mail", ("{sunk}",), ADMIN),
    Row("GET", "sent_body", ("{sunk}",), ADMIN),
    Row("GET", "sent_source", ("{sunk}",), ADMIN),
]

PORTAL = [
    Row("GET", "home", (), ANYBODY),
    Row("GET", "search", (), ANYBODY_ACT),
    Row("GET", "find", (), ANYBODY),
    Row("POST", "find", (), ANYBODY, {"number": "{ticket}", "address": "asker@example.com"}),
    Row("GET", "requests", (), SIGNED_IN),
    Row("GET", "new_request", (), ANYBODY),
    Row("POST", "new_request", (), ANYBODY_ACT, NEW_REQUEST),
    Row("POST", "new_request", (), INVALID, NEW_REQUEST | {"topic": "{back_office}"}),
    Row("GET", "receipt", ("{receipt}",), ANYBODY),
    Row("GET", "receipt", ("forged",), NOTHING),
    Row("GET", "request", ("{ticket}",), FOLLOWER),
    Row("GET", "answer", ("{ticket}",), FOLLOWER_ACT),
    Row("POST", "answer", ("{ticket}",), FOLLOWER_ACT, {"body": "Thanks."}),
    Row("GET", "solution", ("{ticket}",), FOLLOWER_ACT),
    Row("POST", "solution", ("{ticket}",), FOLLOWER_ACT),
    Row("GET", "message", ("{ticket}", "{public}"), FOLLOWER),
    Row("GET", "message", ("{ticket}", "{note}"), NOBODY),
    Row("GET", "message", ("{ticket}", "{held}"), NOBODY),
    Row("GET", "message", ("{ticket}", "{foreign_message}"), NOBODY),
    Row("GET", "file", ("{ticket}", "{file}", "meter.txt"), FOLLOWER),
    Row("GET", "file", ("{ticket}", "{note_file}", "meter.txt"), NOBODY),
    Row("GET", "file", ("{ticket}", "{foreign_file}", "meter.txt"), NOBODY),
    Row("GET", "link_request", ("{link}",), ANYBODY),
    Row("GET", "link_request", ("forged",), NOTHING),
    Row("GET", "link_answer", ("{link}",), ANYBODY_ACT),
    Row("GET", "link_answer", ("forged",), NOTHING),
    Row("POST", "link_answer", ("{link}",), ANYBODY_ACT, {"body": "Thanks."}),
    Row("POST", "link_answer", ("forged",), NOTHING, {"body": "Thanks."}),
    Row("GET", "link_solution", ("{link}",), ANYBODY_ACT),
    Row("GET", "link_solution", ("forged",), NOTHING),
    Row("POST", "link_solution", ("{link}",), ANYBODY_ACT),
    Row("POST", "link_solution", ("forged",), NOTHING),
    Row("GET", "link_message", ("{link}", "{public}"), ANYBODY),
    Row("GET", "link_message", ("{link}", "{note}"), NOTHING),
    Row("GET", "link_message", ("{link}", "{held}"), NOTHING),
    Row("GET", "link_message", ("{link}", "{foreign_message}"), NOTHING),
    Row("GET", "link_file", ("{link}", "{file}", "meter.txt"), ANYBODY),
    Row("GET", "link_file", ("{link}", "{note_file}", "meter.txt"), NOTHING),
    Row("GET", "link_file", ("{link}", "{foreign_file}", "meter.txt"), NOTHING),
    Row("POST", "fresh_link", ("{link}",), ANYBODY),
]

ACCOUNT = [
    Row("GET", "me", (), SIGNED_IN),
    Row("POST", "me", (), SIGNED_IN_INVALID, {"language": "xx"}),
    Row("POST", "look", (), "sign 204 204 204 204 204 204 204", {"theme": "dark"}),
    Row("POST", "language", (), ANYBODY_ACT, {"language": "it"}),
    Row("GET", "setup", (), NOTHING),
    Row("POST", "setup", (), NOTHING),
    Row("GET", "sign_in", (), "200 302 302 302 302 302 302 302"),
    Row("POST", "sign_in", (), ANYBODY_ACT, {"address": "asker@example.com", "password": PASSWORD}),
    Row(
        "POST", "sign_in", (), "400 302 302 302 302 302 302 302", {"address": "asker@example.com", "password": "wrong"}
    ),
    Row("POST", "sign_out", (), ANYBODY_ACT),
    Row("GET", "ask_for_link", (), ANYBODY),
    Row("POST", "ask_for_link", (), ANYBODY, {"address": "asker@example.com"}),
    Row("GET", "sign_in_by_link", ("{sign_in_link}",), ANYBODY),
    Row("GET", "sign_in_by_link", ("{password_link}",), INVALID),
    Row("POST", "sign_in_by_link", ("{sign_in_link}",), ANYBODY_ACT),
    Row("POST", "sign_in_by_link", ("{password_link}",), INVALID),
    Row("GET", "change_password", (), SIGNED_IN_ACT),
    Row("POST", "change_password", (), SIGNED_IN_INVALID, {"current": "wrong"}),
    Row("GET", "ask_for_password", (), ANYBODY),
    Row("POST", "ask_for_password", (), ANYBODY, {"address": "asker@example.com"}),
    Row("GET", "password_by_link", ("{password_link}",), ANYBODY),
    Row("GET", "password_by_link", ("{sign_in_link}",), INVALID),
    Row("POST", "password_by_link", ("{password_link}",), ANYBODY_ACT, {"password": "lantern-bell-77"}),
    Row("POST", "password_by_link", ("{sign_in_link}",), INVALID, {"password": "lantern-bell-77"}),
    Row("GET", "add_address", (), SIGNED_IN_ACT),
    Row("POST", "add_address", (), SIGNED_IN_ACT, {"new-address": "second@example.com"}),
    Row("POST", "make_primary", ("{spare}",), FOLLOWER_ACT),
    Row("POST", "remove_address", ("{spare}",), FOLLOWER_ACT),
    Row("GET", "address_by_link", ("{address_link}",), ANYBODY),
    Row("POST", "address_by_link", ("{address_link}",), "403 200 403 403 403 403 403 403"),
    Row("POST", "address_by_link", ("{sign_in_link}",), INVALID),
    Row("POST", "end_other_sessions", (), SIGNED_IN_ACT),
    Row("POST", "end_session", ("{session}",), FOLLOWER_ACT),
]

TOKENS = [
    Row("GET", "tokens", (), STAFF),
    Row("POST", "tokens", (), STAFF, {"name": "Backup", "reach": "read", "days": "30"}),
    Row("POST", "tokens", (), ADMIN_TOKEN, {"name": "Backup", "reach": "admin", "days": "30"}),
    Row("POST", "revocation", ("{token}",), "sign 403 403 404 302 404 404 404"),
]

PAGES = [
    row._replace(name=f"{namespace}:{row.name}")
    for namespace, rows in (("desk", DESK), ("portal", PORTAL), ("account", ACCOUNT), ("tokens", TOKENS))
    for row in rows
]
