"""Hubs, groups, people, organisations, sign-in and keys in the graph."""
