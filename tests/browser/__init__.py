"""The whole desk, as people meet it: a real process, real mail, a real browser."""
