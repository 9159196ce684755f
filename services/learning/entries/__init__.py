"""The log: entries shared, revised and withdrawn by their authors, read by those they are meant for."""
