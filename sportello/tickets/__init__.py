"""Tickets: every request with its number. Owns ticket, message, attachment, tag, timeline entry, saved view, bulk job."""
