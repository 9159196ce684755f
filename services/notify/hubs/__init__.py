"""Hubs: which hubs lie above which, as far as notify has heard. Membership owns hubs; this is its echo."""
