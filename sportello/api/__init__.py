"""The API: whatever the desk can do, a program can do, by the same verb and the same policy."""
