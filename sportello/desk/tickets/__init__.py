"""One ticket at the desk: its page, what is done to it, its files and its history."""
