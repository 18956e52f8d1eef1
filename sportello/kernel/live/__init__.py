"""Live screens over server-sent events: any number of processes, no broker.

`publish` tells of a change in its transaction; after the commit the hub of every process hands the signal to its open
streams, and `event_stream` asks at the time of sending who may see what.
"""

from sportello.kernel.live.hub import Hub, the_hub
from sportello.kernel.live.signals import MISSED, Signal, publish
from sportello.kernel.live.stream import HEADERS, NoLongerAllowed, event_stream
from sportello.kernel.live.subscription import Subscription

__all__ = [
    "HEADERS",
    "MISSED",
    "Hub",
    "NoLongerAllowed",
    "Signal",
    "Subscription",
    "event_stream",
    "publish",
    "the_hub",
]
