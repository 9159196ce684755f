"""Hubs: which hubs lie above which, by membership's messages. Membership owns hubs."""
