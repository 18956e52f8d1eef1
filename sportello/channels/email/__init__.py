"""E-mail: mailboxes, what came in (kept raw, always), what goes out (written with the reply), and who may be answered."""
