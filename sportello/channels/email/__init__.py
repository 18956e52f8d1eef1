"""E-mail: mailboxes, what came in (kept raw, always), what leaves (written with the reply), who may be answered."""
