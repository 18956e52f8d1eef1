"""Every word in every language."""
