"""The kinds of text an entry is written in."""
