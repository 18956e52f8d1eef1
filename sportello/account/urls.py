"""The addresses of `account`."""

from django.urls import URLPattern, URLResolver, path

from sportello.account.views import addresses, first_run, links, passwords, profile, sessions, sign_in

app_name = "account"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", profile.me, name="me"),
    path("look/", profile.look, name="look"),
    path("language/", profile.language, name="language"),
    path("setup/", first_run.setup, name="setup"),
    path("sign-in/", sign_in.sign_in, name="sign_in"),
    path("sign-out/", sign_in.sign_out, name="sign_out"),
    path("link/", links.ask_for_link, name="ask_for_link"),
    path("link/<str:token>/", links.sign_in_by_link, name="sign_in_by_link"),
    path("password/", passwords.change, name="change_password"),
    path("password/forgotten/", passwords.ask_for_password, name="ask_for_password"),
    path("password/<str:token>/", passwords.password_by_link, name="password_by_link"),
    path("addresses/", addresses.add, name="add_address"),
    path("addresses/<int:pk>/primacy/", addresses.make_primary, name="make_primary"),
    path("addresses/<int:pk>/removal/", addresses.remove, name="remove_address"),
    path("addresses/confirmation/<str:token>/", addresses.address_by_link, name="address_by_link"),
    path("sessions/end/", sessions.end_others, name="end_other_sessions"),
    path("sessions/<int:pk>/end/", sessions.end, name="end_session"),
]
