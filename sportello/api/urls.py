"""The addresses of the API, and the one object that describes it."""

import sportello
from sportello.api import problems
from sportello.api.access import Bearer, TokenThrottle
from sportello.api.description import SelfDescribingAPI
from sportello.api.parsing import StorableParser
from sportello.api.v1 import (
    bulk,
    deliveries,
    history,
    mail,
    messages,
    organisations,
    participants,
    people,
    queues,
    search,
    settings,
    staff,
    tags,
    teams,
    tickets,
    tokens,
    views,
)

api = SelfDescribingAPI(
    title="Sportello",
    version=sportello.__version__,
    description=(
        "Everything that the desk can do, by the same verbs and the same rights. Send `Authorization: Bearer TOKEN`; "
        "errors are problem+json. Only presence is missing, who looks and who is typing: it belongs to an open screen."
    ),
    urls_namespace="api-v1",
    auth=Bearer(),
    parser=StorableParser(),
    throttle=[TokenThrottle("1000/m")],
    docs_url=None,
    openapi_url="/openapi.json",
)
problems.install(api)
for router, tag in (
    (tickets.router, "tickets"),
    (history.router, "tickets"),
    (participants.router, "tickets"),
    (messages.router, "messages"),
    (deliveries.router, "messages"),
    (queues.router, "queues"),
    (views.router, "queues"),
    (bulk.router, "bulk changes"),
    (people.router, "people"),
    (organisations.router, "organisations"),
    (teams.router, "teams"),
    (tags.router, "tags"),
    (staff.router, "settings"),
    (settings.router, "settings"),
    (tokens.router, "tokens"),
    (search.router, "search"),
    (mail.router, "mail"),
):
    api.add_router("", router, tags=[tag])

urlpatterns = api.urls[0]
for pattern in urlpatterns:
    pattern.callback = problems.answered(pattern.callback)  # type: ignore[arg-type]  # none is an include
