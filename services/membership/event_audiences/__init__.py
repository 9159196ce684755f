"""Event audiences: which people belong to the hub or group that an event is for."""
