"""The addresses of one ticket. A change of state is a noun that is posted."""

from django.urls import path

from sportello.desk.tickets import acts, files, history, opening, talking, views

urlpatterns = [
    path("tickets/new/", opening.new_ticket, name="new_ticket"),
    path("tickets/new/people/", opening.people, name="suggested_people"),
    path("tickets/new/tags/", opening.tags, name="suggested_tags"),
    path("tickets/<int:number>/", views.ticket_page, name="ticket"),
    path("tickets/<int:number>/header/", views.part, {"name": "header"}, name="ticket_header"),
    path("tickets/<int:number>/timeline/", views.timeline, name="ticket_timeline"),
    path("tickets/<int:number>/context/", views.part, {"name": "context"}, name="ticket_context"),
    path("tickets/<int:number>/present/", views.part, {"name": "presence"}, name="ticket_present"),
    path("tickets/<int:number>/place/", views.place, name="ticket_place"),
    path("tickets/<int:number>/history/", history.history, name="ticket_history"),
    path("tickets/<int:number>/solution/", acts.solution, name="solution"),
    path("tickets/<int:number>/solution/withdrawal/", acts.solution_withdrawal, name="solution_withdrawal"),
    path("tickets/<int:number>/status/", acts.status, name="ticket_status"),
    path("tickets/<int:number>/assignment/", acts.assignment, name="assignment"),
    path("tickets/<int:number>/team/", acts.team, name="ticket_team"),
    path("tickets/<int:number>/priority/", acts.priority, name="ticket_priority"),
    path("tickets/<int:number>/type/", acts.kind, name="ticket_type"),
    path("tickets/<int:number>/subject/", acts.subject, name="ticket_subject"),
    path("tickets/<int:number>/tags/", acts.tags, name="ticket_tags"),
    path("tickets/<int:number>/participants/", acts.participants, name="participants"),
    path("tickets/<int:number>/requester/", acts.requester, name="ticket_requester"),
    path("tickets/<int:number>/messages/", talking.say, name="say"),
    path("tickets/<int:number>/typing/", talking.typing, name="typing"),
    path("messages/<int:pk>/withdrawal/", talking.withdrawal, name="withdrawal"),
    path("messages/<int:pk>/delivery/", talking.delivery, name="delivery_retry"),
    path("messages/<int:pk>/body/", files.body, name="message_body"),
    path("messages/<int:pk>/source/", files.source, name="message_source"),
    path("files/<int:pk>/<str:name>", files.attachment, name="attachment"),
]
