"""Where is a rule not kept, and why? One line each: the rule, the place (`file` or `file::name`), the reason."""

EXCEPTIONS: dict[str, dict[str, str]] = {
    "names say something": {
        "sportello/kernel/sqlite/base.py": "Django's loader of database engines asks for this name.",
        "sportello/ui/static/ui/css/base.css": "It is the cascade layer of that name in the design.",
    },
    "classes are narrow": {
        "sportello/tickets/reading.py::OpenTicket": "What one page shows of a ticket, read once; it has no verbs.",
    },
    "contexts are small": {
        "channels": "Nearly all of it is e-mail, and most of that reads what others write badly, in private modules.",
        "desk": "The agents' screens have many parts, and a module for each; what they do is the verbs' business.",
        "kernel": "Search and jobs for two databases, and the sanitiser: what every context stands on, in small modules.",
        "tickets": "Its nouns change together, by one table of facts; two contexts would need each other.",
    },
    "arguments are few": {
        "sportello/tickets/conversation.py::reply": "The ticket stands where a verb has its self; five say how.",
        "sportello/tickets/conversation.py::receive": "The ticket stands where a verb has its self; five say how.",
        "sportello/ui/fragments.py::toast": "The request and its answer come in one hand; four say what is told.",
    },
    "only doors speak HTTP": {
        "sportello/people/http.py": "What two doors call a request of somebody who is signed in; it is only a type.",
        "sportello/people/passwords.py": "Django hands its request to sign-in backends; it is only a type here.",
    },
    "a partial is one element with its name": {
        "sportello/desk/templates/desk/queue/_list.html": "The list of the queue is `ticket-list` in the style sheets.",
        "sportello/desk/templates/desk/queue/_ticket_row.html": "A row is known by its ticket: `ticket-7`.",
        "sportello/desk/templates/desk/queue/_palette_options.html": "Options that go into the palette's list box.",
    },
}
