"""SQLite for many threads: Django's backend, with the writers of one process in a fair queue."""
