"""Tests of the ticket page."""
