"""Full text behind one name for SQLite and PostgreSQL, by words of our own making, the newest first.

An entry is one text (`kind` and `ref` name it) in a container (a ticket) in a scope (a team). Reading rights are part
of the question: `find` looks only in the scopes, containers and kinds that it is given. To rebuild while people
search, write the entries again. All kinds share one numbering of containers.
"""

from sportello.kernel.search.entries import find, forget, index, matching, move
from sportello.kernel.search.reach import Hit
from sportello.kernel.search.text import identifiers, terms

__all__ = ["Hit", "find", "forget", "identifiers", "index", "matching", "move", "terms"]
