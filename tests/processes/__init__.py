"""The program as a process: how it starts and stops."""
