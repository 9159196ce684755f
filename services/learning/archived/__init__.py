"""Hubs and groups that membership has archived: no entry is shared in them any more."""
