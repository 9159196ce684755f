"""The learning log in the graph."""
