"""Which door answers which address?"""

from django.urls import URLPattern, URLResolver, include, path

from sportello.config import health
from sportello.config.late import late

urlpatterns: list[URLPattern | URLResolver] = [
    path("health/", health.alive, name="alive"),
    path("health/ready/", health.ready, name="ready"),
    path("desk/", include("sportello.desk.urls")),
    path("account/tokens/", include("sportello.api.token_pages")),
    path("account/", include("sportello.account.urls")),
    late("api/v1/", "sportello.api.urls", app_name="ninja", namespace="api-v1"),
    path("", include("sportello.portal.urls")),
]

handler400 = "sportello.ui.errors.bad_request"
handler403 = "sportello.ui.errors.forbidden"
handler404 = "sportello.ui.errors.not_found"
handler500 = "sportello.ui.errors.server_error"
