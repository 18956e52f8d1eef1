"""From where does a request come, for counting how often it comes?"""

from ipaddress import IPv6Address, IPv6Network, ip_address

from django.http import HttpRequest


def network(request: HttpRequest) -> str:
    """The asker's address; of IPv6 the /64, all of which one customer of a provider holds."""
    given = request.META.get("REMOTE_ADDR", "")
    try:
        address = ip_address(given)
    except ValueError:
        return "unknown"
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        return str(IPv6Network((address, 64), strict=False))
    return str(address)
