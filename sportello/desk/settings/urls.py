"""The addresses of settings, people and mail."""

from django.urls import path

from sportello.desk.settings import mail, organisations, people, views

urlpatterns = [
    path("settings/", views.overview, name="settings"),
    path("settings/firm/", views.firm, name="settings_firm"),
    path("settings/teams/new/", views.team, name="new_team"),
    path("settings/teams/<int:pk>/", views.team, name="team_settings"),
    path("settings/mailboxes/new/", views.mailbox, name="new_mailbox"),
    path("settings/mailboxes/new/test/", views.test_mailbox, name="test_new_mailbox"),
    path("settings/mailboxes/<int:pk>/", views.mailbox, name="mailbox_settings"),
    path("settings/mailboxes/<int:pk>/test/", views.test_mailbox, name="test_mailbox"),
    path("settings/staff/new/", people.staff, name="new_staff"),
    path("settings/staff/<int:pk>/", people.staff, name="staff_settings"),
    path("settings/organisations/", organisations.organisations, name="organisations"),
    path("settings/organisations/new/", organisations.organisation, name="new_organisation"),
    path("settings/organisations/<int:pk>/", organisations.organisation, name="organisation_settings"),
    path("people/", people.people_list, name="people"),
    path("people/<int:pk>/", people.person, name="person"),
    path("mail/", mail.held, name="mail"),
    path("mail/held/<int:pk>/retry/", mail.retry_held, name="retry_held"),
    path("mail/held/<int:pk>/source/", mail.held_source, name="held_source"),
    path("mail/stuck/", mail.stuck, name="mail_stuck"),
    path("mail/stuck/<int:pk>/retry/", mail.retry_stuck, name="retry_stuck"),
    path("mail/stuck/<int:pk>/cancel/", mail.cancel_stuck, name="cancel_stuck"),
    path("mail/sent/", mail.sent, name="mail_sent"),
    path("mail/sent/<int:pk>/", mail.sent_mail, name="sent_mail"),
    path("mail/sent/<int:pk>/body/", mail.sent_body, name="sent_body"),
    path("mail/sent/<int:pk>/source/", mail.sent_source, name="sent_source"),
]
