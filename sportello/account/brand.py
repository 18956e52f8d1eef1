"""Under whose name do pages stand? The firm's, which `people` keeps."""

from django.http import HttpRequest

from sportello.people.models import Brand as Firm
from sportello.ui.brand import Brand


def firm(request: HttpRequest) -> Brand:
    known = Firm.current()
    return Brand(name=known.name, tagline=known.tagline, footer=known.footer)
