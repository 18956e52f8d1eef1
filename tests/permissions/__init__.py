"""Who may do what, address by address."""
