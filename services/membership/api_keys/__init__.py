"""API keys of hubs and partners."""
