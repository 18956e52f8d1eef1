"""The queue: views, list, filter, bulk acts, search and the palette."""
