"""Hubs and groups, as far as events must know them: that they are, and which hub each group belongs to."""
