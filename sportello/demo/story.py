"""What happened at the demo firm? Tickets as short stories: who asked what, and what was done since."""

from dataclasses import dataclass, field

from sportello.tickets.words import Channel, Priority, Status

H = 60


@dataclass(frozen=True)
class Step:
    """One thing that happened, so many minutes before the demo is first opened."""

    ago: int
    kind: str
    who: str = ""
    text: str = ""
    value: str = ""


@dataclass(frozen=True)
class Story:
    ago: int
    who: str
    team: str
    subject: str
    text: str
    channel: str = Channel.EMAIL
    priority: int = Priority.NORMAL
    tags: tuple[str, ...] = ()
    steps: tuple[Step, ...] = field(default=())


def reply(ago: int, who: str, text: str, then: str = "") -> Step:
    return Step(ago, "reply", who, text, then)


def note(ago: int, who: str, text: str) -> Step:
    return Step(ago, "note", who, text)


def answer(ago: int, text: str) -> Step:
    return Step(ago, "answer", text=text)


def assign(ago: int, who: str) -> Step:
    return Step(ago, "assign", who)


def solve(ago: int, who: str, how: str) -> Step:
    return Step(ago, "solve", who, how)


STORIES = [
    Story(
        3 * H,
        "andrei@hotel-carpatica.example",
        "Technical",
        "Thermostats offline since firmware 4.2.1, 14 rooms without heating",
        "Good morning,\n\nsince the update last night fourteen rooms show “no connection”. It is 15 degrees there and "
        "guests arrive at four.\n\nWe have the gold contract. What can we do?\n\nAndrei Munteanu\nFacilities",
        priority=Priority.URGENT,
        tags=("firmware-4.2", "contract-gold"),
        steps=(
            assign(170, "Marta"),
            reply(
                165,
                "Marta",
                "Good morning Andrei,\n\nwe see the fourteen gateways. Restart the gateway on each floor "
                "once, leaving it off for a minute, and tell us which rooms come back.\n\nMarta",
                Status.WAITING,
            ),
            note(
                66,
                "Davide",
                "Going back to 4.2.0 worked for Clinica Aurora, remotely and in twelve minutes. "
                "No factory reset here: for this hotel it came back after two days.",
            ),
            answer(
                6,
                "We restarted the gateways twice as you asked. The third floor came back, the fourth did not: "
                "rooms 401 to 414 still show “no connection”. What is the next step?",
            ),
        ),
    ),
    Story(
        21,
        "hanna@nordvik.example",
        "Billing",
        "Invoice 2026/1187 was charged twice",
        "Our bank shows two debits on 13 November, both with your reference 2026/1187. Which one will you return?",
        channel=Channel.FORM,
        priority=Priority.HIGH,
        tags=("invoice",),
    ),
    Story(
        9,
        "elena@clinica-aurora.example",
        "Technical",
        "Gateway-ul are lumină roșie după pana de curent",
        "Bună ziua,\n\nlumina roșie clipește de trei ori, apoi pauză. Comanda este ORD-00047514.\n\nElena Dumitru",
        priority=Priority.HIGH,
        tags=("gateway",),
    ),
    Story(
        5 * H,
        "giulia@officine-brenta.example",
        "Field service",
        "Scambiatore rumoroso dopo la manutenzione di ottobre",
        "Il tecnico è passato venerdì ma il rumore è tornato stamattina, adesso anche di notte.",
        channel=Channel.PHONE,
        priority=Priority.HIGH,
        tags=("heat-pump",),
        steps=(
            assign(280, "Davide"),
            note(275, "Davide", "Sounds like the circulation pump. Take the spare from the van."),
        ),
    ),
    Story(
        17,
        "tomas.ribeiro@post.example",
        "Support",
        "App asks for a code that never arrives",
        "I type my number and nothing comes. I tried three times, also over wifi.",
        tags=("sign-in",),
        steps=(assign(12, "Marta"),),
    ),
    Story(
        54,
        "ioana.popescu@post.example",
        "Technical",
        "Termostatul nu păstrează programul de weekend",
        "Sâmbătă revine singur la 18 grade, deși am salvat 21.",
        channel=Channel.FORM,
        tags=("schedule",),
        steps=(assign(50, "Davide"),),
    ),
    Story(
        26 * H,
        "john@whitaker-estates.example",
        "Support",
        "Two-factor sign-in for our building managers",
        "Eleven accounts, ideally with an authenticator app rather than text messages. Is that possible?",
        tags=("sign-in", "contract-silver"),
        steps=(
            assign(25 * H, "Oliver"),
            reply(
                25 * H,
                "Oliver",
                "Yes, since version 4. I can switch it on for your eleven accounts; each manager is "
                "asked at the next sign-in. Shall I go ahead?",
                Status.WAITING,
            ),
            answer(60, "Go ahead, they know about it."),
        ),
    ),
    Story(
        2 * H,
        "yuki@minato.example",
        "Technical",
        "Consumption graph is missing for September",
        "August and October are fine. The export has the same hole.",
        tags=("reports",),
        steps=(assign(110, "Marta"),),
    ),
    Story(
        26,
        "sophie.laurent@post.example",
        "Support",
        "How do I export consumption as CSV?",
        "The guide mentions a button that I cannot find in version 4.",
        priority=Priority.LOW,
        tags=("reports",),
    ),
    Story(
        27 * H,
        "radu@primaria-sinaia.example",
        "Support",
        "Contract renewal 2027: which response times apply?",
        "Please confirm whether the town hall counts as one site or as three.",
        priority=Priority.LOW,
        tags=("contract-gold",),
        steps=(assign(26 * H, "Oliver"),),
    ),
    Story(
        28 * H,
        "paolo.greco@post.example",
        "Field service",
        "Visita dell'installatore il 19: possiamo spostarla al pomeriggio?",
        "La mattina non c'è nessuno in casa. Dalle 14 in poi va bene.",
        tags=("visit",),
        steps=(
            assign(27 * H, "Davide"),
            reply(
                26 * H, "Davide", "Buongiorno Paolo,\n\nabbiamo le 14:30 o le 16:00. Quale preferisce?", Status.WAITING
            ),
        ),
    ),
    Story(
        49 * H,
        "marco.bellini@post.example",
        "Technical",
        "Ricambio 88-204 per la AT-9 non disponibile",
        "Il vostro catalogo dice disponibile, il magazzino dice di no. Quando arriva?",
        tags=("spare-part",),
        steps=(
            assign(48 * H, "Davide"),
            reply(
                47 * H,
                "Davide",
                "Buongiorno Marco,\n\nil fornitore promette giovedì. Le scriviamo appena arriva.",
                Status.ON_HOLD,
            ),
        ),
    ),
    Story(
        76 * H,
        "andrei@hotel-carpatica.example",
        "Technical",
        "Valve 312 does not close",
        "Room 312 stays hot even at the lowest setting.",
        tags=("valve",),
        steps=(
            assign(75 * H, "Marta"),
            reply(
                74 * H, "Marta", "We have sent the valve through its calibration. Does it close now?", Status.WAITING
            ),
            answer(60 * H, "It does. Thank you."),
            solve(59 * H, "Marta", "Calibration run from here, no visit needed."),
        ),
    ),
    Story(
        100 * H,
        "andrei@hotel-carpatica.example",
        "Billing",
        "Invoice address changed",
        "From now on invoices go to our office in Brașov.",
        channel=Channel.FORM,
        tags=("invoice",),
        steps=(solve(98 * H, "Oliver", "Address changed in the customer file."),),
    ),
    Story(
        120 * H,
        "elena@clinica-aurora.example",
        "Technical",
        "Gateway pierde legătura după resetare",
        "După resetare apare legătura pentru o oră, apoi dispare.",
        tags=("gateway", "firmware-4.2"),
        steps=(
            assign(119 * H, "Davide"),
            reply(118 * H, "Davide", "Revenim la versiunea 4.2.0 de la distanță; durează douăsprezece minute."),
            solve(117 * H, "Davide", "Back to firmware 4.2.0."),
        ),
    ),
    Story(
        30 * 24 * H,
        "hanna@nordvik.example",
        "Support",
        "Question about the warranty of the AT-7",
        "Is the control unit covered for two years or for five?",
        priority=Priority.LOW,
        tags=("warranty",),
        steps=(reply(29 * 24 * H, "Oliver", "The AT-7 control unit is covered for five years.", Status.SOLVED),),
    ),
    Story(
        35,
        "giulia@officine-brenta.example",
        "Support",
        "Accesso al portale per un collega",
        "Può avere accesso anche Luca dell'ufficio acquisti? Deve vedere solo le fatture.",
        tags=("sign-in",),
    ),
    Story(
        150,
        "john@whitaker-estates.example",
        "Billing",
        "Credit note for October is missing",
        "The October statement shows the credit, the note itself never came.",
        tags=("invoice",),
        steps=(assign(140, "Oliver"),),
    ),
]
