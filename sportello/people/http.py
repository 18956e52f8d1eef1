"""What is a request of somebody who is signed in?"""

from django.http import HttpRequest

from sportello.people.models import User


class PersonRequest(HttpRequest):
    user: User
