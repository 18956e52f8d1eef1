"""People: who writes to us and who answers. Owns users, their addresses, organisations, teams, roles and rights."""
