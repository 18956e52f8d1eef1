"""Who works at the demo firm, and who writes to it? All invented."""

from sportello.people.roles import Role

FIRM = "Alba Termica"
MAILBOX = "support@alba-termica.example"

TAGLINE = "Help"
FOOTER = "Alba Termica, Via delle Fornaci 12, Arezzo"

# name, hue, what the portal says under it, and its icon there
TEAMS = [
    ("Support", 6, "App, accounts, sign-in codes", "lock"),
    ("Technical", 1, "Thermostats and gateways", "flame"),
    ("Billing", 3, "Copies, payments, renewal", "invoice"),
    ("Field service", 4, "Visits, repairs, spare parts", "wrench"),
]
BILLING_MAILBOX = "billing@alba-termica.example"

# name, address, role, teams, language
STAFF = [
    ("Ilinca Stan", "ilinca@alba-termica.example", Role.ADMINISTRATOR, (), "en"),
    ("Sara Colombo", "sara@alba-termica.example", Role.SUPERVISOR, ("Support", "Technical"), "it"),
    ("Marta Rinaldi", "marta@alba-termica.example", Role.AGENT, ("Support", "Technical", "Billing"), "en"),
    ("Davide Conti", "davide@alba-termica.example", Role.AGENT, ("Technical", "Field service"), "it"),
    ("Oliver Hayes", "oliver@alba-termica.example", Role.AGENT, ("Support", "Billing"), "en"),
    ("Noor Haddad", "noor@alba-termica.example", Role.LIGHT_AGENT, ("Technical",), "en"),
]

# name, conditions, team that shares it
VIEWS = [
    ("Gold contracts", "tag:contract-gold status:active", "Support"),
    ("Firmware 4.2 problem", "tag:firmware-4.2", "Technical"),
    ("Unassigned invoices", "tag:invoice assignee:none status:active", "Billing"),
]

# name, domain
ORGANISATIONS = [
    ("Hotel Carpatica", "hotel-carpatica.example"),
    ("Officine Brenta", "officine-brenta.example"),
    ("Nordvik Bostäder", "nordvik.example"),
    ("Clinica Aurora", "clinica-aurora.example"),
    ("Whitaker Estates", "whitaker-estates.example"),
    ("Minato Residence", "minato.example"),
    ("Primăria Sinaia", "primaria-sinaia.example"),
]

# name, address, language, time zone
CUSTOMERS = [
    ("Andrei Munteanu", "andrei@hotel-carpatica.example", "en", "Europe/Bucharest"),
    ("Giulia Ferri", "giulia@officine-brenta.example", "it", "Europe/Rome"),
    ("Hanna Lindqvist", "hanna@nordvik.example", "en", "Europe/Stockholm"),
    ("Elena Dumitru", "elena@clinica-aurora.example", "ro", "Europe/Bucharest"),
    ("John Whitaker", "john@whitaker-estates.example", "en", "Europe/London"),
    ("Yuki Tanaka", "yuki@minato.example", "en", "Asia/Tokyo"),
    ("Radu Ionescu", "radu@primaria-sinaia.example", "ro", "Europe/Bucharest"),
    ("Tomás Ribeiro", "tomas.ribeiro@post.example", "en", "Europe/Lisbon"),
    ("Ioana Popescu", "ioana.popescu@post.example", "ro", "Europe/Bucharest"),
    ("Paolo Greco", "paolo.greco@post.example", "it", "Europe/Rome"),
    ("Sophie Laurent", "sophie.laurent@post.example", "en", "Europe/Paris"),
    ("Marco Bellini", "marco.bellini@post.example", "it", "Europe/Rome"),
]
