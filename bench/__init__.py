"""How fast and how large is it? Data, a floor to compare with, and the measuring itself."""
