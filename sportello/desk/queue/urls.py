"""The addresses of the queue."""

from django.urls import path

from sportello.desk.queue import bulk, palette, saved, views

urlpatterns = [
    path("", views.home, name="home"),
    path("queue/<slug:key>/", views.queue_page, name="queue"),
    path("queue/<slug:key>/list/", views.queue_list, name="queue_list"),
    path("queue/<slug:key>/sidebar/", views.sidebar, name="queue_sidebar"),
    path("queue/<slug:key>/preview/<int:number>/", views.preview, name="queue_preview"),
    path("queue/<slug:key>/views/", saved.save_view, name="save_view"),
    path("views/<int:pk>/", saved.edit_view, name="edit_view"),
    path("views/restoration/<str:token>/", saved.restore_view, name="restore_view"),
    path("views/<int:pk>/removal/", saved.remove_view, name="remove_view"),
    path("bulk/", bulk.start_bulk, name="bulk"),
    path("bulk/assignees/", bulk.assignees, name="bulk_assignees"),
    path("bulk/<int:pk>/", bulk.bulk_job, name="bulk_job"),
    path("bulk/<int:pk>/stop/", bulk.stop_bulk, name="bulk_stop"),
    path("bulk/<int:pk>/undo/", bulk.undo_bulk, name="bulk_undo"),
    path("bulk/<int:pk>/closing/", bulk.put_away, name="bulk_put_away"),
    path("conditions/", views.completions, name="completions"),
    path("search/", views.search, name="search"),
    path("palette/", palette.palette, name="palette"),
]
