"""Tickets: every request with its number. Owns tickets, messages, attachments, tags, facts, saved views, bulk jobs."""
