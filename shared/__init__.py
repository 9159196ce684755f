"""What every service stands on. Knows nothing of hubs, events or entries."""
