"""The addresses of the API, and the one object that describes it."""

from django.urls import URLPattern

import sportello
from sportello.api import problems
from sportello.api.access import Bearer, TokenThrottle
from sportello.api.description import SelfDescribingAPI
from sportello.api.v1 import mail, messages, people, search, tags, teams, tickets

api = SelfDescribingAPI(
    title="Sportello",
    version=sportello.__version__,
    description="Everything that the desk can do. Send `Authorization: Bearer TOKEN`; errors are problem+json.",
    urls_namespace="api-v1",
    auth=Bearer(),
    throttle=[TokenThrottle("1000/m")],
    docs_url=None,
    openapi_url="/openapi.json",
)
problems.install(api)
for router, tag in (
    (tickets.router, "tickets"),
    (messages.router, "messages"),
    (people.router, "people"),
    (teams.router, "teams"),
    (tags.router, "tags"),
    (search.router, "search"),
    (mail.router, "mail"),
):
    api.add_router("", router, tags=[tag])

urlpatterns: list[URLPattern] = api.urls[0]
for pattern in urlpatterns:
    pattern.callback = problems.answered(pattern.callback)  # type: ignore[arg-type]  # none is an include
