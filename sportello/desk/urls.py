"""The addresses of the desk."""

from django.urls import URLPattern, URLResolver, include, path

from sportello.desk import live

app_name = "desk"
urlpatterns: list[URLPattern | URLResolver] = [
    path("live/", live.stream, name="live"),
    path("", include("sportello.desk.queue.urls")),
    path("", include("sportello.desk.tickets.urls")),
    path("", include("sportello.desk.settings.urls")),
]
