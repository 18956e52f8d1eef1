"""Which operation of the API does what a page does when it is posted to? Or why is there none?"""

TICKET = "/api/v1/tickets/{number}"
MESSAGE = "/api/v1/messages/{pk}"

COUNTERPARTS = {
    "desk:save_view": "POST /api/v1/views",
    "desk:remove_view": "DELETE /api/v1/views/{pk}",
    "desk:bulk": "POST /api/v1/bulk-changes",
    "desk:bulk_stop": "POST /api/v1/bulk-changes/{pk}/cancellation",
    "desk:bulk_undo": "POST /api/v1/bulk-changes/{pk}/reversal",
    "desk:new_ticket": "POST /api/v1/tickets",
    "desk:solution": f"POST {TICKET}/solution",
    "desk:solution_withdrawal": f"POST {TICKET}/solution/withdrawal",
    "desk:ticket_status": f"POST {TICKET}/waiting",
    "desk:assignment": f"PATCH {TICKET}",
    "desk:ticket_team": f"PATCH {TICKET}",
    "desk:ticket_priority": f"PATCH {TICKET}",
    "desk:ticket_type": f"PATCH {TICKET}",
    "desk:ticket_subject": f"PATCH {TICKET}",
    "desk:ticket_tags": f"PATCH {TICKET}",
    "desk:participants": f"POST {TICKET}/participants",
    "desk:ticket_requester": f"PATCH {TICKET}",
    "desk:say": f"POST {TICKET}/messages",
    "desk:withdrawal": f"POST {MESSAGE}/withdrawal",
    "desk:delivery_retry": f"POST {MESSAGE}/delivery",
    "desk:settings_firm": "PATCH /api/v1/firm",
    "desk:new_team": "POST /api/v1/teams",
    "desk:team_settings": "PATCH /api/v1/teams/{pk}",
    "desk:new_mailbox": "POST /api/v1/mailboxes",
    "desk:mailbox_settings": "PATCH /api/v1/mailboxes/{pk}",
    "desk:test_mailbox": "POST /api/v1/mailboxes/{pk}/test",
    "desk:new_staff": "POST /api/v1/staff",
    "desk:staff_settings": "PATCH /api/v1/staff/{pk}",
    "desk:new_organisation": "POST /api/v1/organisations",
    "desk:organisation_settings": "PATCH /api/v1/organisations/{pk}",
    "desk:person": "PATCH /api/v1/people/{pk}",
    "desk:retry_held": "POST /api/v1/mail/quarantine/{pk}/retry",
    "desk:retry_stuck": "POST /api/v1/mail/stuck/{pk}/retry",
    "desk:cancel_stuck": "POST /api/v1/mail/stuck/{pk}/cancellation",
    "portal:new_request": "POST /api/v1/tickets",
    "portal:answer": f"POST {TICKET}/messages",
    "portal:solution": f"POST {TICKET}/solution",
    "tokens:revocation": "DELETE /api/v1/tokens/{pk}",
}

WITHOUT = {
    "desk:typing": "Presence is an open screen; a program looks at no ticket, and nobody waits for it to finish.",
    "portal:link_answer": "Whoever holds only the link of a mail has no token; signed in, it is portal:answer.",
    "portal:link_solution": "Whoever holds only the link of a mail has no token; signed in, it is portal:solution.",
    "portal:fresh_link": "It mails a link to somebody who cannot sign in; a program has a token.",
    "portal:find": "It mails links to somebody who cannot sign in; a program lists its person's tickets.",
    "tokens:tokens": "A token that makes tokens would outlive being revoked; a person makes them in a browser.",
}
