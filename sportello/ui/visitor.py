"""From where does a request come, for counting how often it comes?"""

from django.http import HttpRequest

from sportello.kernel.networks import network_of


def network(request: HttpRequest) -> str:
    return network_of(request.META.get("REMOTE_ADDR", ""))
