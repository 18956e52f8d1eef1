"""Which door answers which address?"""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("desk/", include("sportello.desk.urls")),
    path("account/", include("sportello.account.urls")),
    path("api/", include("sportello.api.urls")),
    path("", include("sportello.portal.urls")),
]
