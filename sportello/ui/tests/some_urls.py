"""Which addresses do the tests of the frames register?"""

from django.http import HttpRequest, HttpResponse
from django.urls import path


def _nothing(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


urlpatterns = [
    path("inbox/", _nothing, name="inbox"),
    path("inbox/rules/", _nothing, name="rules"),
    path("secret/", _nothing, name="secret"),
]
