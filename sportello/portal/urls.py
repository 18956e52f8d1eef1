"""The addresses of `portal`."""

from django.urls import URLPattern, URLResolver, path

from sportello.portal.views import home, lookup, new_request, one_request, requests

app_name = "portal"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.home, name="home"),
    path("search/", lookup.search, name="search"),
    path("find/", lookup.find, name="find"),
    path("requests/", requests.requests, name="requests"),
    path("requests/new/", new_request.new_request, name="new_request"),
    path("requests/sent/<str:token>/", new_request.receipt, name="receipt"),
    path("requests/<int:pk>/", one_request.request_by_session, name="request"),
    path("requests/<int:pk>/answer/", one_request.answer_by_session, name="answer"),
    path("requests/<int:pk>/solution/", one_request.solution_by_session, name="solution"),
    path("requests/<int:pk>/messages/<int:message_pk>/", one_request.message_by_session, name="message"),
    path("requests/<int:pk>/files/<int:file_pk>/<str:name>", one_request.file_by_session, name="file"),
    path("r/<str:token>/", one_request.request_by_link, name="link_request"),
    path("r/<str:token>/answer/", one_request.answer_by_link, name="link_answer"),
    path("r/<str:token>/solution/", one_request.solution_by_link, name="link_solution"),
    path("r/<str:token>/messages/<int:message_pk>/", one_request.message_by_link, name="link_message"),
    path("r/<str:token>/files/<int:file_pk>/<str:name>", one_request.file_by_link, name="link_file"),
    path("r/<str:token>/fresh/", lookup.fresh_link, name="fresh_link"),
]
