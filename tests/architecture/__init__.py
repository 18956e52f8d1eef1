"""Do the files keep the house style? Each rule is data: what it looks for, one good line and one bad line."""
