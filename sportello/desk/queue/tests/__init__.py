"""The queue: its filter bar, its saved views, and search."""
